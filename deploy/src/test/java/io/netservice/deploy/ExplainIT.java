package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code explain} of a real cluster, by the jar and by the kubectl plugin. */
class ExplainIT {

  private Cluster cluster;
  private String namespace;
  private TestPods pods;
  private Published db;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("explain");
    pods = new TestPods(cluster.client(), namespace);
    db = new Published(cluster.client(), namespace, "db");
  }

  private String explain(Path kubeconfig, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("explain", "--kubeconfig", kubeconfig.toString()));
    all.addAll(List.of(arguments));
    return JarProcess.start("syncer", all.toArray(String[]::new)).awaitSuccess();
  }

  private String explain(String... arguments) throws Exception {
    return explain(cluster.controlPlane().kubeconfig(), arguments);
  }

  private void publishDb() {
    pods.ready("good", "db", namespace + "/core", "10.10.0.1");
    pods.ready("stray", "db", "elsewhere/access", "10.20.0.1");
    pods.ready("bad", "db", namespace + "/core", "fe80::1");
    pods.create("new", "db");
    cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}\n");
    db.await("10.10.0.1 ready");
    Await.equal("skipped", 3, db::skipped);
  }

  private static void assertLine(String output, String regex) {
    assertTrue(Pattern.compile("(?m)^" + regex + "$").matcher(output).find(), output);
  }

  @Test
  void podsAreToldWithTheirReasonsAndNothingDiffers() throws Exception {
    publishDb();
    String told = explain(namespace + "/db");
    assertLine(told, "Network +" + namespace + "/core: no type.*");
    assertLine(told, "Service +headless, made by this NetService");
    assertLine(told, "Endpoints +1 ready, 0 not ready");
    assertLine(told, "Status +Ready=True Published since .*: 1/1 endpoints are ready");
    assertLine(told, "good +ready +10\\.10\\.0\\.1");
    assertLine(told, "stray +ready +- +it is not attached to .*/core but to elsewhere/access .*");
    assertLine(told, "bad +ready +- +it has no usable address on .*\"fe80::1\" \\(link-local\\)");
    assertLine(told, "new +not ready +- +it has no network-status yet");
    assertLine(told, "What should be published is\\.");
  }

  @Test
  void syncersOwnRightsAreEnough() throws Exception {
    publishDb();
    String told = explain(cluster.kubeconfigOf("netservice-syncer"), "-n", namespace, "db");
    assertLine(told, "What should be published is\\.");
    assertFalse(told.contains("Note:"), told);
  }

  /** A kubeconfig of somebody who may list these in the namespace, and nothing else. */
  private Path somebodyWhoMayList(String... resources) throws IOException {
    cluster.kubectl("-n", namespace, "create", "serviceaccount", "somebody");
    cluster.kubectl(
        "-n",
        namespace,
        "create",
        "role",
        "somebody",
        "--verb=list",
        "--resource=" + String.join(",", resources));
    cluster.kubectl(
        "-n",
        namespace,
        "create",
        "rolebinding",
        "somebody",
        "--role=somebody",
        "--serviceaccount=" + namespace + ":somebody");
    String token = cluster.kubectl("-n", namespace, "create", "token", "somebody").trim();
    String admin = Files.readString(cluster.controlPlane().kubeconfig());
    return Files.writeString(
        Files.createTempFile(cluster.controlPlane().folder(), "somebody", ".kubeconfig"),
        admin.replace(cluster.controlPlane().token(), token));
  }

  @Test
  void missingRightIsNamedAndTheRestIsTold() throws Exception {
    publishDb();
    Path some =
        somebodyWhoMayList("netservices.netservice.cni.cncf.io", "pods", "endpoints", "services");
    String told = explain(some, namespace + "/db");
    assertLine(
        told,
        "Network +.*/core: not looked at, you may not list network-attachment-definitions in"
            + " namespace "
            + namespace);
    assertLine(told, "good +ready +10\\.10\\.0\\.1");
    assertLine(
        told,
        "Note: what is published is not compared with what should be: you may not list"
            + " endpointslices in namespace "
            + namespace
            + "\\.");
    assertLine(told, "Note: zones of nodes are .*: you may not list nodes\\.");
    assertFalse(told.contains("What should be published is."), told);
  }

  @Test
  void withoutTheRightToPodsThereIsNothingToTell() throws Exception {
    publishDb();
    Path some = somebodyWhoMayList("netservices.netservice.cni.cncf.io");
    JarProcess failed =
        JarProcess.start("syncer", "explain", "--kubeconfig", some.toString(), namespace + "/db");
    assertEquals(1, failed.awaitEnd());
    assertEquals(
        "netservice-syncer explain: you may not list pods in namespace " + namespace,
        failed.output());
  }

  @Test
  void eachOtherReasonIsToldOfARealPod() throws Exception {
    String core = namespace + "/core";
    pods.ready("first", "db", core, "10.10.0.1");
    Await.until("another second", () -> Instant.now().isAfter(created("first").plusSeconds(1)));
    pods.ready("second", "db", core, "10.10.0.1");
    pods.create("broken", "db");
    pods.annotate("broken", TestPods.STATUS, "[{\"name\":7}]");
    pods.ready("bare", "db", core);
    pods.ready("done", "db", core, "10.10.0.3");
    pods.finish("done", "Succeeded");
    pods.node("explained", "zone-a");
    pods.make("leaving").label("app", "db").on("explained").create();
    pods.annotate("leaving", TestPods.STATUS, TestPods.status(core, "10.10.0.4"));
    pods.ready("leaving", true);
    pods.terminate("leaving");
    pods.ready("down", "db", core, "10.10.0.5");
    notReadySince("down", "2026-11-25T10:00:00Z");
    cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}\n");
    Await.equal("skipped", 3, db::skipped);
    String told = explain(namespace + "/db");
    assertLine(told, "second +ready +- +10\\.10\\.0\\.1 is published for pod first");
    assertLine(
        told,
        "broken +not ready +- +its network-status is malformed: name must be a string, at byte 9");
    assertLine(told, "bare +ready +- +it is attached to " + core + " without an address");
    assertLine(told, "done +finished +- +it has finished");
    assertLine(told, "leaving +terminating, ready +10\\.10\\.0\\.4 \\(not ready\\)");
    assertLine(told, "down +not ready since 2026-11-25T10:00:00Z +10\\.10\\.0\\.5 \\(not ready\\)");
  }

  /** As kubelet tells it. */
  private void notReadySince(String pod, String time) {
    cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withName(pod)
        .editStatus(
            each ->
                new PodBuilder(each)
                    .editStatus()
                    .withConditions(
                        new PodConditionBuilder()
                            .withType("Ready")
                            .withStatus("False")
                            .withLastTransitionTime(time)
                            .build())
                    .endStatus()
                    .build());
  }

  private Instant created(String pod) {
    return Instant.parse(
        cluster
            .client()
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .get()
            .getMetadata()
            .getCreationTimestamp());
  }

  @Test
  void jsonIsTheSameForMachines() throws Exception {
    publishDb();
    JsonNode told = new ObjectMapper().readTree(explain(namespace + "/db", "-o", "json"));
    assertEquals(namespace + "/db", told.path("netService").asText());
    assertEquals("yes", told.path("network").path("found").asText());
    assertEquals("Refused", told.path("pods").get(0).path("reason").asText());
    assertEquals(
        "10.10.0.1", told.path("pods").get(1).path("addresses").get(0).path("address").asText());
    assertTrue(told.path("differences").isArray() && told.path("differences").isEmpty());
  }

  @Test
  void whatDiffersWhileNoSyncerLooksIsTold() throws Exception {
    publishDb();
    cluster.whileSyncerIsAway(
        () -> {
          pods.ready("late", "db", namespace + "/core", "10.10.0.2");
          cluster
              .client()
              .endpoints()
              .inNamespace(namespace)
              .withName("db")
              .edit(
                  endpoints ->
                      new EndpointsBuilder(endpoints)
                          .editFirstSubset()
                          .addNewAddress()
                          .withIp("10.66.6.6")
                          .endAddress()
                          .endSubset()
                          .build());
          try {
            String told = explain(namespace + "/db");
            assertLine(told, "What is published differs from what should be:");
            assertLine(told, "  - 10\\.10\\.0\\.2 of pod late is in no slice");
            assertLine(told, "  - 10\\.66\\.6\\.6 is in Endpoints and should not be");
            assertLine(told, "  - the status says Ready=True .*, should say .*2/2 endpoints.*");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void podIsExplainedFromItsSide() throws Exception {
    publishDb();
    cluster.netService(namespace, "other", "netAttachDef: core\nselector: {app: web}\n");
    String told = explain("--pod", namespace + "/stray");
    assertLine(told, "Attached to +cbr0 \\(eth0\\): 10\\.244\\.0\\.9");
    assertLine(told, " +elsewhere/access \\(net1\\): 10\\.20\\.0\\.1");
    assertLine(told, "db +.*/?core +yes +- +it is not attached to .*");
    assertLine(told, "other +.*core +no +- +the pod's label app is db, must be web");
  }

  @Test
  void kubectlFindsThePlugin() throws Exception {
    publishDb();
    Path bin = cluster.controlPlane().binaries();
    ProcessBuilder builder =
        new ProcessBuilder(
                bin.resolve("kubectl").toString(), "netservice", "explain", namespace + "/db")
            .redirectErrorStream(true);
    String plugins = Path.of("../deploy").toRealPath().toString();
    builder.environment().put("PATH", plugins + ":" + bin + ":" + System.getenv("PATH"));
    builder.environment().put("KUBECONFIG", cluster.controlPlane().kubeconfig().toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertLine(output(builder), "What should be published is\\.");
  }

  @Test
  void pluginWithoutTheJarAsksTheSyncersPod() throws Exception {
    // Where the image has them.
    String java =
        " deploy/netservice-syncer -- /opt/java/bin/java .* -jar /app/netservice-syncer.jar";
    String exec = "-n netservice-system exec";
    assertLine(output(pluginWithoutJar("explain", "shop/db")), exec + java + " explain shop/db");
    assertLine(output(pluginWithoutJar("plan", "-f", "-")), exec + " -i" + java + " plan -f -");
    assertLine(output(pluginWithoutJar()), exec + java + " --help");
  }

  /** Files are here and not in the pod, and the syncer may not do what an administrator may. */
  @Test
  void pluginWithoutTheJarRefusesWhatThePodCanNotDo() throws Exception {
    assertLine(
        failure(pluginWithoutJar("plan", "-f", "db.yaml")),
        "kubectl netservice: plan reads files here, .*");
    assertLine(
        failure(pluginWithoutJar("migrate", "--apply")),
        "kubectl netservice: migrate works with your own rights, .*");
  }

  /** The jar without a command is a syncer. */
  @Test
  void pluginNeverRunsASyncer() throws Exception {
    assertLine(
        failure(pluginWithoutJar("--metrics-port", "0")),
        "kubectl netservice: --metrics-port: must be explain, plan or migrate, .*");
  }

  /** The plugin beside a kubectl that prints what it is asked. */
  private ProcessBuilder pluginWithoutJar(String... arguments) throws IOException {
    Path folder = Files.createTempDirectory(cluster.controlPlane().folder(), "plugin");
    Path kubectl =
        Files.writeString(folder.resolve("kubectl"), "#!/bin/sh\nprintf '%s\\n' \"$*\"\n");
    assertTrue(kubectl.toFile().setExecutable(true));
    List<String> command = new ArrayList<>(List.of("../deploy/kubectl-netservice"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("NETSERVICE_JAR", folder.resolve("none.jar").toString());
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    return builder;
  }

  private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    return output(builder, 0);
  }

  private static String failure(ProcessBuilder builder) throws IOException, InterruptedException {
    return output(builder, 2);
  }

  private static String output(ProcessBuilder builder, int exitCode)
      throws IOException, InterruptedException {
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exitCode, process.waitFor(), output);
    return output;
  }
}
