package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the webhook and the schema make of NetServices that a person applies. */
class AdmissionIT {

  private Cluster cluster;
  private String namespace;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("admission");
  }

  private String apply(String name, String spec) {
    return cluster.kubectlWithInput(
        "apiVersion: netservice.cni.cncf.io/v1alpha1\nkind: NetService\nmetadata:\n  name: "
            + name
            + "\n  namespace: "
            + namespace
            + "\nspec: "
            + spec
            + "\n",
        "apply",
        "-f",
        "-");
  }

  private String storedNetwork(String name) {
    return cluster.kubectl(
        "-n", namespace, "get", "netservice", name, "-o", "jsonpath={.spec.netAttachDef}");
  }

  @Test
  void bareNetworkNameGetsTheNamespace() {
    apply("bare", "{netAttachDef: core, selector: {app: a}}");
    assertEquals(namespace + "/core", storedNetwork("bare"));
  }

  @Test
  void fullNetworkNameStays() {
    apply("full", "{netAttachDef: networks/core, selector: {app: a}}");
    assertEquals("networks/core", storedNetwork("full"));
  }

  @Test
  void missingNetworkIsAWarning() {
    String output = apply("missing", "{netAttachDef: nowhere/none, selector: {app: a}}");
    assertTrue(output.contains("Warning") && output.contains("nowhere/none"), output);
  }

  @Test
  void networkThatExistsIsNoWarning() {
    cluster.kubectlWithInput(
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: lan,"
            + " namespace: "
            + namespace
            + "}, spec: {config: '{}'}}",
        "apply",
        "-f",
        "-");
    String output = apply("known", "{netAttachDef: lan, selector: {app: a}}");
    assertTrue(!output.contains("Warning"), output);
  }

  /** The mutating webhook answers before the schema does, and shows what the person wrote. */
  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1st    | {netAttachDef: core, selector: {app: a}}                         | metadata.name: "1st"
          db     | {netAttachDef: a/b/c, selector: {app: a}}                        | spec.netAttachDef: "a/b/c"
          db     | {netAttachDef: Core, selector: {app: a}}                         | spec.netAttachDef: "Core"
          db     | {netAttachDef: 7, selector: {app: a}}                            | spec.netAttachDef: 7
          db     | {selector: {app: a}}                                             | spec.netAttachDef: must be
          db     | {netAttachDef: core, selector: {app: a}, interface: a/b}         | spec.interface: "a/b"
          db     | {netAttachDef: core, selector: {}}                               | spec.selector: must have 1 to 64 labels
          db     | {netAttachDef: core, selector: {'a b': c}}                       | spec.selector: "a b"
          db     | {netAttachDef: core, selector: {app: '-a'}}                      | spec.selector["app"]: "-a"
          db     | {netAttachDef: core, selector: {app: 1}}                         | spec.selector.app: 1: must be a string
          db     | {netAttachDef: core, selector: {app: a}, type: ClusterIP}        | spec.ports: must have at least one port when spec.type is ClusterIP
          db     | {netAttachDef: core, selector: {app: a}, type: NodePort}         | spec.type: "NodePort"
          db     | {netAttachDef: core, selector: {app: a}, ports: '80'}            | spec.ports: "80": must be a list
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 0}]}     | spec.ports[0].port: 0
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: '80'}]}  | spec.ports[0].port: "80": must be a whole number
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 1, name: A}]} | spec.ports[0].name: "A"
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 1, protocol: tcp}]} | spec.ports[0].protocol: "tcp"
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 1, targetPort: a--b}]} | spec.ports[0].targetPort: "a--b"
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 1, appProtocol: a b}]} | spec.ports[0].appProtocol: "a b"
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 80, name: a}, {port: 80, name: b}]} | spec.ports[1].port: 80
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 80, name: a}, {port: 81}]} | spec.ports[1].name: must be given
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 80, name: a}, {port: 81, name: a}]} | spec.ports[1].name: "a"
          db     | {netAttachDef: core, selector: {app: a}, ipFamilies: [IPv5]}     | spec.ipFamilies[0]: "IPv5"
          db     | {netAttachDef: core, selector: {app: a}, ipFamilies: [IPv4, IPv4]} | spec.ipFamilies[1]: "IPv4"
          """)
  void badObjectIsRefusedByTheWebhookWithFieldAndValue(String name, String spec, String shown) {
    String message = refusal(name, spec);
    assertTrue(message.contains("admission webhook"), message);
    assertTrue(message.contains(shown), message);
  }

  @Test
  void badUpdateIsRefusedByTheWebhookToo() {
    apply("db", "{netAttachDef: core, selector: {app: a}}");
    String message = refusal("db", "{netAttachDef: Core, selector: {app: a}}");
    assertTrue(message.contains("admission webhook"), message);
    assertTrue(message.contains("spec.netAttachDef: \"Core\""), message);
  }

  @Test
  void nameMayBeGenerated() {
    String made =
        cluster.kubectlWithInput(
            "{apiVersion: netservice.cni.cncf.io/v1alpha1, kind: NetService, metadata:"
                + " {generateName: db-, namespace: "
                + namespace
                + "}, spec: {netAttachDef: core, selector: {app: a}}}",
            "create",
            "-o",
            "jsonpath={.metadata.name} {.spec.netAttachDef}",
            "-f",
            "-");
    assertTrue(made.contains("db-") && made.contains(" " + namespace + "/core"), made);
  }

  private String refusal(String name, String spec) {
    return assertThrows(IllegalStateException.class, () -> apply(name, spec)).getMessage();
  }

  @Test
  void serviceOfSomebodyElseIsAReasonToRefuse() {
    cluster.kubectl("-n", namespace, "create", "service", "clusterip", "taken", "--tcp=80");
    String message = refusal("taken", "{netAttachDef: core, selector: {app: a}}");
    assertTrue(message.contains("metadata.name") && message.contains("taken"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          conditions[0].lastTransitionTime | {"type":"x","status":"True","reason":"Y","message":""}
          date-time                        | {"type":"x","status":"True","reason":"Y","message":"","lastTransitionTime":"now"}
          conditions[0].status             | {"type":"x","status":"true","reason":"Y","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}
          conditions[0].reason             | {"type":"x","status":"True","reason":"","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}
          """)
  void conditionThatIsNoneOfKubernetesIsRefused(String field, String condition) {
    apply("db", "{netAttachDef: core, selector: {app: a}}");
    String message =
        assertThrows(
                IllegalStateException.class,
                () ->
                    cluster.kubectl(
                        "-n",
                        namespace,
                        "patch",
                        "netservice",
                        "db",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"conditions\":[" + condition + "]}}"))
            .getMessage();
    assertTrue(message.contains("is invalid") && message.contains(field), message);
  }
}
