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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1st    | {netAttachDef: core, selector: {app: a}}                         | metadata.name
          db     | {netAttachDef: a/b/c, selector: {app: a}}                        | netAttachDef
          db     | {netAttachDef: Core, selector: {app: a}}                         | netAttachDef
          db     | {netAttachDef: core, selector: {}}                               | selector
          db     | {netAttachDef: core, selector: {'a b': c}}                       | selector
          db     | {netAttachDef: core, selector: {app: '-a'}}                      | selector
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 0}]}     | ports
          db     | {netAttachDef: core, selector: {app: a}, ports: [{port: 80, name: a}, {port: 80, name: b}]} | ports
          db     | {netAttachDef: core, selector: {app: a}, type: ClusterIP}        | ports
          """)
  void badObjectIsRefusedWithItsField(String name, String spec, String field) {
    String message =
        assertThrows(IllegalStateException.class, () -> apply(name, spec)).getMessage();
    assertTrue(message.contains(field), message);
  }

  @Test
  void serviceOfSomebodyElseIsAReasonToRefuse() {
    cluster.kubectl("-n", namespace, "create", "service", "clusterip", "taken", "--tcp=80");
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> apply("taken", "{netAttachDef: core, selector: {app: a}}"))
            .getMessage();
    assertTrue(message.contains("metadata.name") && message.contains("taken"), message);
  }
}
