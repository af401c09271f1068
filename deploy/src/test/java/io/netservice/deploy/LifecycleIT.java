package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.netservice.controlplane.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One cluster from the install over an upgrade and every overlay to the uninstall, with what people
 * made in it beside. The version before is this one, unless the system property {@code
 * netservice.upgrade.from} names a checkout of another that has been built, as {@code
 * deploy/upgrade} does.
 */
@TestMethodOrder(OrderAnnotation.class)
class LifecycleIT {

  private static final Path THIS = Path.of("..");
  private static final Path BEFORE = Path.of(System.getProperty("netservice.upgrade.from", ".."));
  private static final String SYSTEM = "netservice-system";

  /** What every namespace gets some time after it was made. */
  private static final String MADE_BY_CONTROLLERS =
      "ConfigMap \\S+ kube-root-ca.crt|ServiceAccount \\S+ default";

  private static final String SENT_EACH_TIME =
      "(customresourcedefinition|poddisruptionbudget|validatingadmissionpolicy)\\..*";

  /** What some components ask for. */
  private static final String[] OTHERS_KINDS = {"cert-manager-crds", "prometheus-operator-crds"};

  private static ControlPlane controlPlane;
  private static Kubectl kubectl;
  private static KubernetesClient client;
  private static SecretFiles certificates;
  private static Set<String> atFirst;
  private static JarProcess webhook;
  private static JarProcess syncer;

  @BeforeAll
  static void start() throws IOException {
    // Nobody plays kubelet here: the node lifecycle controller would find every Node unreachable.
    ControlPlane.Options options =
        ControlPlane.Options.defaults()
            .controllers("*", "-node-lifecycle-controller")
            .binaries(OTHERS_KINDS);
    if (!Boolean.getBoolean("netservice.upgrade.streamsLists")) {
      // This API server does not stream lists, as some do not: the syncer has to ask for them.
      options = options.flags(ControlPlane.Part.KUBE_APISERVER, "--feature-gates=WatchList=false");
    }
    controlPlane = ControlPlane.start(AuditLog.keep("lifecycle", options));
    kubectl = new Kubectl(controlPlane);
    client = Kubectl.clientOf(controlPlane.kubeconfig());
    // What is there before the install, and what people make beside it.
    kubectl.run("apply", "-f", "../deploy/samples/crd");
    for (String kinds : OTHERS_KINDS) {
      kubectl.run("create", "-f", controlPlane.binaries().resolve(kinds).toString());
    }
    kubectl.run("wait", "--for=condition=Established", "crd", "--all");
    for (String sample : List.of("namespace", "networks")) {
      kubectl.run("apply", "-f", "../deploy/samples/" + sample + ".yaml");
    }
    kubectl.run(
        "-n", "networks", "create", "service", "externalname", "mine", "--external-name=a.example");
    new TestPods(client, "networks").ready("a", "utils", "networks/core", "10.1.0.1");
    new TestPods(client, "networks").ready("b", "utils", "networks/core", "10.1.0.2");
    atFirst = everything();
    certificates = new SecretFiles(Files.createTempDirectory(controlPlane.folder(), "tls"));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    for (JarProcess process : Arrays.asList(syncer, webhook)) {
      if (process != null) {
        process.kill();
      }
    }
    if (client != null) {
      client.close();
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  /** All objects but those that come and go by themselves. */
  private static Set<String> everything() {
    String kinds =
        kubectl
            .run("api-resources", "--verbs=list", "-o", "name")
            .lines()
            .filter(kind -> !kind.matches("events.*|leases.*|componentstatuses.*|apiservices.*"))
            .collect(Collectors.joining(","));
    return kubectl
        .run(
            "get",
            kinds,
            "--all-namespaces",
            "--no-headers",
            "--output=custom-columns=K:kind,NS:metadata.namespace,N:metadata.name")
        .lines()
        .map(line -> line.replaceAll("\\s+", " ").strip())
        .filter(line -> !line.startsWith("Warning") && !line.matches(MADE_BY_CONTROLLERS))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> left() {
    Set<String> left = everything();
    left.removeAll(atFirst);
    return left;
  }

  private static JarProcess startWebhook(Path version, String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig",
                kubectl.kubeconfigOf("netservice-webhook").toString(),
                "--bind-address=127.0.0.1",
                "--port=0",
                "--metrics-port=0",
                "--tls-cert=" + certificates.certificate(),
                "--tls-key=" + certificates.key()));
    arguments.addAll(List.of(options));
    Path deployment = version.resolve("deploy/base/webhook/deployment.yaml");
    if (Files.readString(deployment).contains("--drain-delay")) {
      // As in the base: API servers are asked to use other connections first.
      arguments.add("--drain-delay=1s");
    }
    JarProcess started = JarProcess.startFrom(version, "webhook", arguments.toArray(String[]::new));
    started.awaitLine("serving with the certificate of ");
    return started;
  }

  private static String address(JarProcess webhook) {
    return webhook.awaitLine("serving https on ").replaceAll(".* on ", "");
  }

  private static JarProcess startSyncer(Path version, String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig",
                kubectl.kubeconfigOf("netservice-syncer").toString(),
                "--lease-namespace=" + SYSTEM,
                "--bind-address=127.0.0.1",
                "--metrics-port=0"));
    arguments.addAll(List.of(options));
    JarProcess started = JarProcess.startFrom(version, "syncer", arguments.toArray(String[]::new));
    started.awaitLine("caches are in step");
    return started;
  }

  private static String certificates(Path version) throws Exception {
    String output =
        JarProcess.startFrom(
                version,
                "certs",
                "bootstrap",
                "--kubeconfig",
                kubectl.kubeconfigOf("netservice-certs").toString(),
                "--host=127.0.0.1")
            .awaitSuccess();
    certificates.update(
        client.secrets().inNamespace(SYSTEM).withName("netservice-webhook-tls").get());
    return output;
  }

  private static String netService(String namespace, String name) {
    return kubectl.runWithInput(
        "{apiVersion: netservice.cni.cncf.io/v1alpha1, kind: NetService, metadata: {name: %s},"
                .formatted(name)
            + " spec: {netAttachDef: networks/core, selector: {app: utils}}}",
        "-n",
        namespace,
        "apply",
        "-f",
        "-");
  }

  private static Set<String> published(String name) {
    return new Published(client, "networks", name).inSlices();
  }

  /** {@code kubectl apply -k} of the install, with the webhook at an address of the test. */
  private static String applyBase(Path version, String address) throws IOException {
    Path folder = Files.createTempDirectory(controlPlane.folder(), "install");
    StringBuilder patches = new StringBuilder();
    for (String kind : List.of("Mutating", "Validating")) {
      patches.append(
          """
            - target: {kind: %sWebhookConfiguration}
              patch: |
                - {op: remove, path: /webhooks/0/clientConfig/service}
                - {op: add, path: /webhooks/0/clientConfig/url, value: "https://%s/%s"}
          """
              .formatted(kind, address, kind.equals("Mutating") ? "mutate" : "validate"));
    }
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        "resources: [%s]\npatches:\n%s"
            .formatted(
                folder.toRealPath().relativize(version.resolve("deploy/base").toRealPath()),
                patches));
    return kubectl.run("apply", "-k", folder.toString());
  }

  @Test
  @Order(1)
  void upgradeLosesNoEndpointAndRefusesNobody() throws Exception {
    kubectl.run("apply", "-k", BEFORE.resolve("deploy/base").toString());
    kubectl.run("wait", "--for=condition=Established", "crd", "--all");
    certificates(BEFORE);
    JarProcess webhookBefore = startWebhook(BEFORE);
    kubectl.leadWebhooksTo(address(webhookBefore));
    JarProcess syncerBefore = startSyncer(BEFORE);
    syncer = syncerBefore;
    netService("networks", "db");
    netService("default", "load");
    Set<String> both = Set.of("10.1.0.1 ready", "10.1.0.2 ready");
    Await.equal("both pods are published", both, () -> published("db"));

    try (SliceHistory history = new SliceHistory(client, "networks", "db");
        AdmissionLoad load = new AdmissionLoad(controlPlane, "load", 20)) {
      Await.until("the watch shows what is there", () -> history.shows("10.1.0.2"));
      // As a Deployment does it: the new one is ready before the old one ends.
      webhook = startWebhook(THIS);
      String output = applyBase(THIS, address(webhook));
      assertFalse(output.contains("Warning"), output);
      assertTrue(certificates(THIS).contains("nothing to do"), "the certificate stays");
      kubectl.awaitWebhooks();
      webhookBefore.stop();
      syncer = startSyncer(THIS);
      syncerBefore.stop();
      syncer.awaitLine("this process is the leader now");

      new TestPods(client, "networks").ready("c", "utils", "networks/core", "10.1.0.3");
      Await.until("what comes afterwards is published", () -> history.shows("10.1.0.3"));
      load.end();
      assertEquals(List.of(), history.lost());
      assertEquals(List.of(), List.copyOf(load.failures()));
      assertTrue(load.admitted() > 0, "there was something to refuse");
    }
    assertTrue(published("db").containsAll(both));
  }

  @Test
  @Order(2)
  void namespacedSyncerIsAtHomeInListedNamespacesAlone() throws Exception {
    syncer.stop();
    webhook.stop();
    String output = kubectl.run("apply", "-k", "../deploy/overlays/namespaced");
    assertFalse(output.contains("Warning"), output);
    // "kubectl apply" takes nothing away, as the README says.
    for (String kind : List.of("clusterrolebinding", "clusterrole")) {
      kubectl.run("delete", kind, "netservice-syncer", "netservice-webhook");
    }
    awaitMay("yes", "watch", "pods", "networks");
    awaitMay("yes", "update", "endpointslices.discovery.k8s.io", "networks");
    awaitMay("no", "watch", "pods", "default");
    awaitMay("no", "update", "endpointslices.discovery.k8s.io", "default");
    awaitMay("no", "list", "services", SYSTEM);
    awaitMay("yes", "watch", "nodes", "default");

    certificates(THIS);
    // As the pods have it from the ConfigMap that the overlay makes.
    String listed = "--namespaces=" + listedNamespaces();
    webhook = startWebhook(THIS, listed);
    kubectl.leadWebhooksTo(address(webhook));
    syncer = startSyncer(THIS, listed);
    syncer.awaitLine("this process is the leader now");
    new TestPods(client, "networks").ready("d", "utils", "networks/core", "10.1.0.4");
    Await.until(
        "a pod in a listed namespace is published",
        () -> published("db").contains("10.1.0.4 ready"));
    netService("networks", "kept");
    Await.until("a new NetService there, too", () -> published("kept").size() == 4);
    String told = netService("default", "nobodys");
    assertTrue(told.contains("nothing is published from here, but from networks alone"), told);
    netService("networks", "later");
    Await.until("what was made later is done", () -> published("later").size() == 4);
    assertEquals(Set.of(), new Published(client, "default", "nobodys").inSlices());
    assertFalse(syncer.output().contains("API server answers"), syncer.output());

    // A Service that is to stay is taken from its NetService.
    kubectl.run("-n", "networks", "delete", "netservice", "kept", "--cascade=orphan");
    assertEquals(
        List.of(),
        new Published(client, "networks", "kept").service().getMetadata().getOwnerReferences());
    netService("networks", "later-still");
    Await.until("the syncer has gone on", () -> published("later-still").size() == 4);
    assertEquals(4, published("kept").size());
  }

  private static String listedNamespaces() {
    return client.configMaps().inNamespace(SYSTEM).list().getItems().stream()
        .filter(map -> map.getMetadata().getName().startsWith("netservice-namespaces-"))
        .map(map -> map.getData().get("namespaces"))
        .collect(Collectors.joining());
  }

  /** The API server learns of roles and bindings by watches. */
  private static void awaitMay(String answer, String verb, String resource, String namespace) {
    Await.equal(
        "may the syncer " + verb + " " + resource + " in " + namespace,
        answer,
        () -> maySyncer(verb, resource, namespace));
  }

  private static String maySyncer(String verb, String resource, String namespace) {
    try {
      return kubectl
          .run(
              "auth",
              "can-i",
              verb,
              resource,
              "--namespace=" + namespace,
              "--as=system:serviceaccount:netservice-system:netservice-syncer")
          .lines()
          .filter(line -> !line.startsWith("Warning"))
          .collect(Collectors.joining());
    } catch (IllegalStateException e) {
      // It ends with 1 for a no.
      return e.getMessage().strip().endsWith("no") ? "no" : e.getMessage();
    }
  }

  static Collection<String> overlays() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("../deploy/overlays"))) {
      return Stream.concat(Stream.of("base"), folders.map(each -> "overlays/" + each.getFileName()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  @Order(3)
  void overlayIsAcceptedAndAcceptedAgainWithoutAChange(String overlay) throws Exception {
    for (JarProcess process : List.of(syncer, webhook)) {
      if (process.isAlive()) {
        process.stop();
      }
    }
    // They lead to the webhook of the tests by now, of which "kubectl apply" knows nothing.
    kubectl.run(
        "delete",
        "--ignore-not-found",
        "mutatingwebhookconfiguration/netservice",
        "validatingwebhookconfiguration/netservice");
    String first = kubectl.run("apply", "-k", "../deploy/" + overlay);
    assertFalse(first.contains("Warning"), first);
    assertTrue(first.contains("deployment.apps/netservice-syncer"), first);
    String second = kubectl.run("apply", "-k", "../deploy/" + overlay);
    // What kubectl merges by its own idea of the kind it sends each time, whether it differs or
    // not.
    assertEquals(
        List.of(),
        second
            .lines()
            .filter(line -> !line.endsWith(" unchanged"))
            .filter(line -> !line.matches(SENT_EACH_TIME))
            .toList(),
        second);
  }

  /** A component that no overlay has would be tried by nobody. */
  @Test
  @Order(3)
  void everyComponentIsTried() throws IOException {
    StringBuilder used = new StringBuilder();
    for (String overlay : overlays()) {
      used.append(Files.readString(Path.of("../deploy", overlay, "kustomization.yaml")));
    }
    try (Stream<Path> components = Files.list(Path.of("../deploy/components"))) {
      assertEquals(
          List.of(),
          components
              .map(component -> component.getFileName().toString())
              .filter(name -> used.indexOf("../components/" + name) < 0)
              .toList());
    }
  }

  @Test
  @Order(4)
  void uninstallLeavesWhatPeopleMade() throws Exception {
    kubectl.run("delete", "netservices", "--all", "--all-namespaces");
    for (String overlay : overlays()) {
      kubectl.run("delete", "--ignore-not-found", "-k", "../deploy/" + overlay);
    }
    Set<String> kept = new TreeSet<>();
    Await.until(
        "nothing is left but the Service that was to stay, its slices and Endpoints, and pods",
        () -> {
          kept.clear();
          kept.addAll(left());
          return kept.stream().allMatch(LifecycleIT::isPeoples);
        });
    assertTrue(kept.contains("Service networks kept"), kept::toString);
    assertEquals(4, published("kept").size());
    Set<String> gone = new TreeSet<>(atFirst);
    gone.removeAll(everything());
    assertEquals(Set.of(), gone);
  }

  private static boolean isPeoples(String object) {
    return object.matches(
        "(Service|Endpoints) networks kept|EndpointSlice networks kept-.*|Pod networks .");
  }
}
