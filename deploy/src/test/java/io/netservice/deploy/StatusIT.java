package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people see of a NetService by kubectl, on a real API server. */
class StatusIT {

  private static final String SPEC = "netAttachDef: core\nselector: {app: db}\n";

  private Cluster cluster;
  private KubernetesClient client;
  private String namespace;
  private TestPods pods;
  private Published db;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    client = cluster.client();
    namespace = cluster.newNamespace("status");
    pods = new TestPods(client, namespace);
    db = new Published(client, namespace, "db");
  }

  private String kubectl(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-n";
    all[1] = namespace;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return cluster.kubectl(all);
  }

  /** Reason, type and count of each Event on the NetService {@code name}. */
  private List<String> events(String name) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getInvolvedObject().getKind().equals("NetService"))
        .map(StatusIT::told)
        .sorted()
        .toList();
  }

  private static String told(Event event) {
    return event.getReason() + " " + event.getType() + " " + event.getCount();
  }

  private Condition ready(Published of) {
    return of.netService().getStatus().conditions().get(0);
  }

  @Test
  void kubectlWaitsUntilItIsReady() {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    String output = kubectl("wait", "nsvc/db", "--for=condition=Ready", "--timeout=60s");
    assertTrue(output.contains("db condition met"), output);
  }

  /** An edit makes a status that was worked out before it outdated, but does not hold it up. */
  @Test
  void statusIsWrittenWhileSomebodyEditsTheNetService() {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    Await.equal("status", "Published 1/1", db::status);
    String conflicts =
        "netservice_syncer_writes_total{kind=\"netservice\",verb=\"status\",result=\"conflict\"}";
    double before = cluster.syncer().metric(conflicts);
    AtomicBoolean ready = new AtomicBoolean(true);
    Await.until(
        "a status meets an edit",
        () -> {
          ready.set(!ready.get());
          pods.ready("one", ready.get());
          for (int i = 0; i < 50; i++) {
            edit("" + i);
          }
          return cluster.syncer().metric(conflicts) > before;
        });
    pods.ready("one", false);
    Await.equal("status", "Published 0/1", db::status);
    pods.ready("one", true);
    Await.equal("status", "Published 1/1", db::status);
  }

  private void edit(String label) {
    client
        .resources(NetService.class)
        .inNamespace(namespace)
        .withName("db")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"labels\":{\"edited\":\"" + label + "\"}}}");
  }

  @Test
  void networkThatComesAndGoesIsFollowedAndToldOnce() {
    cluster.netService(namespace, "late", "netAttachDef: late\nselector: {app: db}\n");
    Published late = new Published(client, namespace, "late");
    Await.equal("status", "NetworkNotFound 0/0", late::status);
    Await.equal("Events", List.of("NetworkNotFound Warning 1"), () -> events("late"));
    cluster.network(namespace, "late");
    Await.equal("status", "NoMatchingPods 0/0", late::status);
    pods.ready("one", "db", namespace + "/late", "10.10.0.1");
    Await.equal("status", "Published 1/1", late::status);

    kubectl("delete", "network-attachment-definition", "late");
    Await.until("the loss is told", () -> late.condition("Degraded").contains("any more"));
    late.await("10.10.0.1 ready");
    pods.delete("one");
    Await.equal("status", "NetworkNotFound 0/0", late::status);
    cluster.network(namespace, "late");
    Await.equal("status", "NoMatchingPods 0/0", late::status);
    Await.equal(
        "Events",
        List.of(
            "AllPodsUsable Normal 1",
            "NetworkGone Warning 1",
            "NetworkNotFound Warning 2",
            "NoMatchingPods Normal 2"),
        () -> events("late"));
  }

  @Test
  void networkMadeTogetherWithTheNetServiceIsNeverMissed() {
    kubectl("delete", "network-attachment-definition", "core");
    cluster.kubectlWithInput(
        """
        apiVersion: netservice.cni.cncf.io/v1alpha1
        kind: NetService
        metadata: {name: db, namespace: %1$s}
        spec: {netAttachDef: core, selector: {app: db}}
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: core, namespace: %1$s}
        spec: {config: "{}"}
        """
            .formatted(namespace),
        "apply",
        "-f",
        "-");
    Await.equal("status", "NoMatchingPods 0/0", db::status);
    assertEquals(List.of(), events("db"));
  }

  @Test
  void timeStandsStillWhileTheReasonChangesAndTheStatusIsWrittenNoMoreThanNeeded() {
    cluster.netService(namespace, "db", SPEC);
    Await.equal("status", "NoMatchingPods 0/0", db::status);
    String since = ready(db).lastTransitionTime();
    pods.create("one", "db");
    Await.equal("status", "NoAddressOnNetwork 0/0", db::status);
    assertEquals(since, ready(db).lastTransitionTime());
    kubectl("patch", "nsvc", "db", "--type=merge", "-p", "{\"spec\":{\"ports\":[{\"port\":80}]}}");
    Await.equal("generation", 2L, () -> ready(db).observedGeneration());
    assertEquals(since, ready(db).lastTransitionTime());
    assertEquals(2L, db.netService().getStatus().observedGeneration());

    // Another NetService that is through shows that there was time for more.
    String version = db.netService().getMetadata().getResourceVersion();
    pods.ready("other", "other", namespace + "/core", "10.10.0.2");
    cluster.netService(namespace, "other", "netAttachDef: core\nselector: {app: other}\n");
    Published other = new Published(client, namespace, "other");
    Await.equal("status", "Published 1/1", other::status);
    assertEquals(version, db.netService().getMetadata().getResourceVersion());
    assertEquals(List.of(), events("db"));
  }

  /** Something keeps its NetServices from being deleted, so that it stays for a while. */
  @Test
  void namespaceThatIsBeingDeletedIsTold() {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    db.await("10.10.0.1 ready");
    cluster.kubectlWithInput(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: %1$s}
        spec:
          matchConstraints:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
            resourceRules:
              - operations: [DELETE]
                apiGroups: [netservice.cni.cncf.io]
                apiVersions: [v1alpha1]
                resources: [netservices]
          validations: [{expression: "false"}]
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: %1$s}
        spec: {policyName: %1$s, validationActions: [Deny]}
        """
            .formatted(namespace),
        "apply",
        "-f",
        "-");
    try {
      Await.until("NetServices can't be deleted", () -> !canBeDeleted("db"));
      client.namespaces().withName(namespace).delete();
      Await.until("the reason", () -> db.status().startsWith("NamespaceTerminating "));
      assertEquals(List.of(), events("db"));
    } finally {
      kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", namespace);
    }
  }

  @Test
  void refusalOfTheApiServerIsToldInItsWordsUntilItIsOver() {
    cluster.kubectlWithInput(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: none, namespace: %s}
        spec: {hard: {services: "0"}}
        """
            .formatted(namespace),
        "apply",
        "-f",
        "-");
    Await.until(
        "the quota is known",
        () -> kubectl("get", "quota", "none", "-o", "jsonpath={.status.hard}").contains("0"));
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    Await.equal("status", "WriteFailed 0/0", db::status);
    assertTrue(ready(db).message().contains("exceeded quota: none"), ready(db)::toString);
    Await.equal("Events", List.of("WriteFailed Warning 1"), () -> events("db"));
    kubectl("delete", "quota", "none");
    db.await("10.10.0.1 ready");
    Await.equal("status", "Published 1/1", db::status);
    Await.equal(
        "Events", List.of("Published Normal 1", "WriteFailed Warning 1"), () -> events("db"));
  }

  private boolean canBeDeleted(String name) {
    try {
      kubectl("delete", "nsvc", name, "--dry-run=server");
      return true;
    } catch (IllegalStateException refused) {
      return false;
    }
  }

  // What may hold a status up.

  /** A webhook of somebody else that never answers, asked about each status in the namespace. */
  private final class SilentWebhook implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Socket> asked = new LinkedBlockingQueue<>();

    SilentWebhook() throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(this::accept, "silent-webhook");
      thread.setDaemon(true);
      thread.start();
      cluster.kubectlWithInput(
          """
          apiVersion: admissionregistration.k8s.io/v1
          kind: ValidatingWebhookConfiguration
          metadata: {name: %1$s}
          webhooks:
            - name: silent.example.org
              admissionReviewVersions: [v1]
              sideEffects: None
              timeoutSeconds: 30
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
              clientConfig: {url: "https://127.0.0.1:%2$d/"}
              rules:
                - operations: [UPDATE]
                  apiGroups: [netservice.cni.cncf.io]
                  apiVersions: [v1alpha1]
                  resources: [netservices/status]
          """
              .formatted(namespace, server.getLocalPort()),
          "apply",
          "-f",
          "-");
    }

    private void accept() {
      try {
        while (true) {
          asked.add(server.accept());
        }
      } catch (IOException closed) {
        return;
      }
    }

    /** Whether nobody has given up waiting for this answer. */
    static boolean isWaitedFor(Socket question) throws IOException {
      question.setSoTimeout(1);
      try {
        return question.getInputStream().readAllBytes().length < 0; // Ends when it was given up.
      } catch (SocketTimeoutException open) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      cluster.kubectl("delete", "validatingwebhookconfiguration", namespace);
      server.close();
      for (Socket question : asked) {
        question.close();
      }
    }
  }

  @Test
  void statusThatHangsDelaysNoEndpoint() throws Exception {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    db.await("10.10.0.1 ready");
    Await.equal("status", "Published 1/1", db::status);
    try (SilentWebhook webhook = new SilentWebhook()) {
      AtomicBoolean ready = new AtomicBoolean(true);
      Await.until(
          "a status hangs",
          () -> {
            ready.set(!ready.get());
            pods.ready("one", ready.get());
            return !webhook.asked.isEmpty();
          });
      pods.ready("one", true);
      pods.ready("two", "db", namespace + "/core", "10.10.0.2");
      db.await("10.10.0.1 ready", "10.10.0.2 ready");
      assertTrue(
          SilentWebhook.isWaitedFor(webhook.asked.element()),
          "the endpoints came only after the status had been given up");
    }
    Await.equal("status", "Published 2/2", db::status);
  }

  // What kubectl prints.

  @Test
  void columnsStandInLineWithShortAndLongNames() {
    String longest = "a" + "-very-long-name".repeat(4) + "-z";
    assertEquals(63, longest.length());
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    cluster.network(namespace, longest);
    cluster.netService(
        namespace,
        longest,
        "netAttachDef: "
            + namespace
            + "/"
            + longest
            + "\nselector: {app: "
            + longest
            + ", app.kubernetes.io/component: "
            + longest
            + "}\ntype: LoadBalancer\nports: [{port: 80}]\n");
    Await.equal("status", "Published 1/1", db::status);
    Published other = new Published(client, namespace, longest);
    Await.equal("status", "NoMatchingPods 0/0", other::status);

    List<String> lines = kubectl("get", "nsvc").lines().toList();
    assertEquals("NAME NETWORK TYPE READY STATUS AGE", lines.get(0).replaceAll(" +", " "));
    assertInLine(lines, "NETWORK", namespace + "/core", namespace + "/" + longest);
    assertInLine(lines, "TYPE", "LoadBalancer", "Headless");
    assertInLine(lines, "READY", "1/1", "0/0");
    assertInLine(lines, "STATUS", "Published", "NoMatchingPods");

    List<String> wide = kubectl("get", "netservices", "-o", "wide").lines().toList();
    assertEquals(
        "NAME NETWORK TYPE READY STATUS AGE SELECTOR MESSAGE", wide.get(0).replaceAll(" +", " "));
    assertInLine(wide, "SELECTOR", "app=db", "app=" + longest + ",app.kubernetes.io/component=");
    assertInLine(
        wide, "MESSAGE", "1/1 endpoints are ready", "no running pod in this namespace has");
  }

  /**
   * As many as an administrator of a large cluster asks for at once, and in the time that as many
   * Services take.
   */
  @Test
  void fiveHundredAreListedWithTheirColumnsAsQuicklyAsServices() throws Exception {
    ForkJoinPool creators = new ForkJoinPool(16);
    try {
      creators
          .submit(
              () ->
                  IntStream.range(0, 500)
                      .parallel()
                      .forEach(i -> cluster.netService(namespace, "db-" + i, SPEC)))
          .get();
      Await.equal("rows that are as they should be", 500L, this::rowsOfNobody);
      Await.equal("their Services", 500L, () -> kubectl("get", "svc").lines().skip(1).count());
      long services = Long.MAX_VALUE;
      long netServices = Long.MAX_VALUE;
      // The best of some: what else the machine does counts for neither.
      for (int i = 0; i < 7; i++) {
        services = Math.min(services, millisOfListing("svc"));
        netServices = Math.min(netServices, millisOfListing("nsvc"));
      }
      System.out.printf(
          "kubectl get -A, best of 7: 500 NetServices %d ms, as many Services %d ms%n",
          netServices, services);
      assertTrue(netServices < 2 * services, netServices + " ms, Services " + services + " ms");
    } finally {
      creators.shutdown();
      client.raw(
          "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/" + namespace + "/netservices",
          "DELETE",
          null);
    }
  }

  private long millisOfListing(String kind) {
    long began = System.nanoTime();
    cluster.kubectl("get", kind, "--all-namespaces");
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /** How many rows of one look at all namespaces tell of a NetService here without pods. */
  private long rowsOfNobody() {
    return cluster
        .kubectl("get", "nsvc", "--all-namespaces")
        .lines()
        .map(line -> line.replaceAll(" +", " "))
        .filter(
            line ->
                line.matches(
                    namespace + " db-\\d+ " + namespace + "/core Headless 0/0 NoMatchingPods \\S+"))
        .count();
  }

  /** Each value begins where its column does. */
  private static void assertInLine(List<String> lines, String column, String... values) {
    int at = lines.get(0).indexOf(column);
    for (String value : values) {
      assertTrue(
          lines.stream().anyMatch(line -> line.startsWith(value, at)),
          () -> column + " shows no " + value + ":\n" + String.join("\n", lines));
    }
  }

  /** Each field has a text of its own that is a sentence. */
  @Test
  void explainedFieldsAreSentences() {
    for (String path :
        List.of(
            "spec.netAttachDef",
            "spec.interface",
            "spec.selector",
            "spec.type",
            "spec.ports",
            "spec.ports.name",
            "spec.ports.protocol",
            "spec.ports.port",
            "spec.ports.targetPort",
            "spec.ports.appProtocol",
            "spec.publishNotReadyAddresses",
            "spec.ipFamilies",
            "status.observedGeneration",
            "status.conditions",
            "status.conditions.type",
            "status.conditions.status",
            "status.conditions.reason",
            "status.conditions.message",
            "status.conditions.lastTransitionTime",
            "status.conditions.observedGeneration",
            "status.endpoints",
            "status.endpoints.ready",
            "status.endpoints.notReady",
            "status.endpoints.skipped",
            "status.endpoints.summary",
            "status.selector")) {
      String text = cluster.kubectl("explain", "nsvc." + path);
      String described = text.substring(text.indexOf("DESCRIPTION:") + "DESCRIPTION:".length());
      described = described.replaceAll("(?s)\nFIELDS:.*", "").replaceAll("\\s+", " ").strip();
      assertTrue(described.matches("[A-Z].{10,}[.\"]"), path + ": " + text);
    }
  }
}
