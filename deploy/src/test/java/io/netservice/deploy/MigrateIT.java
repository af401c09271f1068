package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.netservice.api.NetService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code migrate}, from what the proof of concept has laid out and back, while a client watches
 * that no address is ever missing.
 */
class MigrateIT {

  private static final String OLD = "svcctl.metaswitch.com/v1alpha1";
  private static final String CRD = "src/test/resources/migrate/crd.yaml";

  private Cluster cluster;
  private KubernetesClient client;
  private String namespace;
  private TestPods pods;
  private Published web;

  @AfterAll
  static void forgetProofOfConcept() {
    Cluster.get().kubectl("delete", "-f", CRD);
  }

  @BeforeEach
  void proofOfConceptWithTwoPods() {
    cluster = Cluster.get();
    client = cluster.client();
    cluster.kubectl("apply", "-f", CRD);
    cluster.kubectl("wait", "--for=condition=Established", "crd/netservices.svcctl.metaswitch.com");
    namespace = cluster.newNamespace("migrate");
    pods = new TestPods(client, namespace);
    web = new Published(client, namespace, "web");
    pods.ready("web-0", "web", namespace + "/core", "10.30.0.1");
    pods.ready("web-1", "web", namespace + "/core", "10.30.0.2");
    layOut("web", "10.30.0.1", "10.30.0.2");
    awaitMirrored("10.30.0.1", "10.30.0.2");
  }

  /** What there is once the proof of concept has made a Service of its NetService. */
  private void layOut(String name, String... addresses) {
    apply(
        """
        apiVersion: %s
        kind: NetService
        metadata: {name: %s, namespace: %s, labels: {team: shop}}
        spec: {netAttachDef: core, selector: {app: web}}
        """
            .formatted(OLD, name, namespace));
    String owner =
        """
        [{apiVersion: %s, kind: NetService, name: %s, uid: %s, controller: true, blockOwnerDeletion: true}]
        """
            .formatted(OLD, name, old(name).getMetadata().getUid())
            .trim();
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s-template, namespace: %2$s, ownerReferences: %3$s}
        spec: {clusterIP: None, selector: {app: web}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s, namespace: %2$s, ownerReferences: %3$s}
        spec: {clusterIP: None}
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {name: %1$s, namespace: %2$s, ownerReferences: %3$s}
        subsets: [{addresses: [%4$s]}]
        """
            .formatted(name, namespace, owner, addresses(addresses)));
    // The proof of concept owns the Endpoints of the template, too.
    Await.until("template's Endpoints", () -> endpoints(name + "-template") != null);
    OwnerReference reference =
        new OwnerReferenceBuilder(endpoints(name).getMetadata().getOwnerReferences().get(0))
            .build();
    client
        .endpoints()
        .inNamespace(namespace)
        .withName(name + "-template")
        .edit(
            each -> {
              each.getMetadata().setOwnerReferences(List.of(reference));
              return each;
            });
  }

  private String addresses(String... addresses) {
    List<String> flow = new ArrayList<>();
    for (int i = 0; i < addresses.length; i++) {
      String pod = "web-" + i;
      flow.add(
          "{ip: %s, targetRef: {kind: Pod, name: %s, namespace: %s, uid: %s}}"
              .formatted(
                  addresses[i],
                  pod,
                  namespace,
                  client.pods().inNamespace(namespace).withName(pod).get().getMetadata().getUid()));
    }
    return String.join(", ", flow);
  }

  private void apply(String yaml) {
    cluster.kubectlWithInput(yaml, "create", "-f", "-");
  }

  private GenericKubernetesResource old(String name) {
    return client
        .genericKubernetesResources(OLD, "NetService")
        .inNamespace(namespace)
        .withName(name)
        .get();
  }

  private NetService fresh(String name) {
    return client.resources(NetService.class).inNamespace(namespace).withName(name).get();
  }

  private Service service(String name) {
    return client.services().inNamespace(namespace).withName(name).get();
  }

  private Endpoints endpoints(String name) {
    return client.endpoints().inNamespace(namespace).withName(name).get();
  }

  private void awaitMirrored(String... addresses) {
    Set<String> expected = new TreeSet<>();
    for (String address : addresses) {
      expected.add(address + " ready");
    }
    Await.equal("mirrored", expected, web::inSlices);
  }

  private JarProcess start(String... arguments) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "migrate",
                "--kubeconfig",
                cluster.controlPlane().kubeconfig().toString(),
                "-n",
                namespace));
    all.addAll(List.of(arguments));
    return JarProcess.start("syncer", all.toArray(String[]::new));
  }

  private String migrate(String... arguments) throws Exception {
    return start(arguments).awaitSuccess();
  }

  /** The addresses of Endpoints that ever went away, and when. */
  private static final class EndpointsHistory implements Watcher<Endpoints>, AutoCloseable {
    private final Set<String> expected;
    private final List<String> lost = new ArrayList<>();
    private final Watch watch;

    EndpointsHistory(KubernetesClient client, String namespace, String name, String... expected) {
      this.expected = Set.of(expected);
      this.watch = client.endpoints().inNamespace(namespace).withName(name).watch(this);
    }

    @Override
    public synchronized void eventReceived(Action action, Endpoints endpoints) {
      Set<String> now = new TreeSet<>();
      if (action != Action.DELETED) {
        endpoints
            .getSubsets()
            .forEach(each -> each.getAddresses().forEach(address -> now.add(address.getIp())));
      }
      if (!now.containsAll(expected)) {
        lost.add(action + " " + now);
      }
    }

    @Override
    public synchronized void onClose(WatcherException cause) {
      lost.add("the watch ended: " + cause);
    }

    synchronized List<String> lost() {
      return List.copyOf(lost);
    }

    @Override
    public void close() {
      watch.close();
    }
  }

  /** Does something while a client watches what is published of {@code web}. */
  private void withoutAnyLoss(Cluster.Body body) throws Exception {
    try (EndpointsHistory inEndpoints =
            new EndpointsHistory(client, namespace, "web", "10.30.0.1", "10.30.0.2");
        SliceHistory inSlices = new SliceHistory(client, namespace, "web")) {
      Await.until("seen", () -> inSlices.shows("10.30.0.1") && inSlices.shows("10.30.0.2"));
      body.run();
      assertEquals(List.of(), inEndpoints.lost());
      assertEquals(List.of(), inSlices.lost());
      assertTrue(inSlices.shows("10.30.0.1") && inSlices.shows("10.30.0.2"));
    }
  }

  /** That nothing of the proof of concept is left, and the new NetService is followed. */
  private void assertMigrated() {
    assertNull(old("web"));
    assertNull(service("web-template"));
    Await.until("template's Endpoints go", () -> endpoints("web-template") == null);
    assertEquals("Published 2/2", web.status());
    assertEquals(
        List.of(fresh("web").getMetadata().getUid()),
        endpoints("web").getMetadata().getOwnerReferences().stream()
            .map(OwnerReference::getUid)
            .toList());
    web.await("10.30.0.1 ready", "10.30.0.2 ready");
    Await.equal("who makes slices", Set.of("syncer.netservice.cni.cncf.io"), this::sliceMakers);
  }

  private Set<String> sliceMakers() {
    Set<String> makers = new TreeSet<>();
    web.slices()
        .forEach(
            each ->
                makers.add(
                    each.getMetadata().getLabels().get("endpointslice.kubernetes.io/managed-by")));
    return makers;
  }

  /** That all is as the proof of concept had it. */
  private void assertAsBefore() {
    assertNull(fresh("web"));
    assertEquals("{netAttachDef=core, selector={app=web}}", old("web").get("spec").toString());
    assertEquals("shop", old("web").getMetadata().getLabels().get("team"));
    String uid = old("web").getMetadata().getUid();
    for (var object : List.of(service("web"), endpoints("web"), service("web-template"))) {
      assertEquals(
          List.of(uid),
          object.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList());
    }
    assertEquals("web", service("web-template").getSpec().getSelector().get("app"));
    Await.equal(
        "who makes slices", Set.of("endpointslicemirroring-controller.k8s.io"), this::sliceMakers);
    assertEquals(Set.of("10.30.0.1 ready", "10.30.0.2 ready"), web.inEndpoints());
  }

  @Test
  void dryRunTellsAllAndChangesNothing() throws Exception {
    String before = cluster.kubectl("-n", namespace, "get", "svc,ep,endpointslices", "-o", "yaml");
    String told = migrate();
    assertTrue(told.contains("  network    " + namespace + "/core\n"), told);
    assertTrue(told.contains("  publishes  10.30.0.1, 10.30.0.2 as now\n"), told);
    assertTrue(told.contains("  would      delete the old NetService\n"), told);
    assertTrue(
        told.endsWith("1 looked at, 0 can't be done; nothing was changed: --apply does it"), told);
    assertEquals(
        before, cluster.kubectl("-n", namespace, "get", "svc,ep,endpointslices", "-o", "yaml"));
    assertNull(fresh("web"));
  }

  @Test
  void nothingIsMissingOnTheWayNorBack() throws Exception {
    withoutAnyLoss(
        () -> {
          String told = migrate("--apply");
          assertTrue(told.contains("  done       delete the old NetService\n"), told);
          assertMigrated();
          assertEquals("shop", fresh("web").getMetadata().getLabels().get("team"));
          assertTrue(migrate("--apply").contains("0 looked at"));
          migrate("--rollback", "--apply");
          assertAsBefore();
          assertTrue(migrate("--rollback", "--apply").contains("nothing to do"));
          migrate("--apply");
          assertMigrated();
        });
    pods.ready("web-2", "web", namespace + "/core", "10.30.0.3");
    web.await("10.30.0.1 ready", "10.30.0.2 ready", "10.30.0.3 ready");
  }

  /** Kills it each time that it has told of a step, and starts it anew. */
  private void killedAtEachStep(String... arguments) throws Exception {
    int runs = 0;
    for (boolean isDone = false; !isDone; runs++) {
      assertTrue(runs < 30, "it does not come to an end");
      JarProcess process = start(arguments);
      process.killWhenItSays("  done  ", "can't be done");
      isDone = process.output().contains(" 0 can't be done");
    }
    assertTrue(runs > 3, runs + " runs");
  }

  @Test
  void killedAtEachStepItIsRepeated() throws Exception {
    withoutAnyLoss(
        () -> {
          killedAtEachStep("--apply");
          assertMigrated();
          killedAtEachStep("--rollback", "--apply");
          assertAsBefore();
        });
  }

  @Test
  void halfOfTheWayIsRolledBack() throws Exception {
    withoutAnyLoss(
        () -> {
          for (String step : List.of("create the new", "the Endpoints", "the Service")) {
            JarProcess process = start("--apply");
            process.awaitLine(step);
            process.kill();
            migrate("--rollback", "--apply");
            assertAsBefore();
          }
        });
  }

  @Test
  void syncerThatIsNotThereIsWaitedForBeforeAnythingIsGiven() throws Exception {
    cluster.withoutSyncer(
        () -> {
          JarProcess process = start("--apply", "--timeout", "1s");
          assertEquals(1, process.awaitEnd());
          assertTrue(process.output().contains("no syncer has looked at it"), process.output());
          assertEquals(
              old("web").getMetadata().getUid(),
              service("web").getMetadata().getOwnerReferences().get(0).getUid());
        });
    migrate("--apply");
    assertMigrated();
  }

  @Test
  void networkIsWhereThePodsHaveTheirAddresses() throws Exception {
    String elsewhere = cluster.newNamespace("networks");
    for (String pod : List.of("web-0", "web-1")) {
      String address = pod.equals("web-0") ? "10.30.0.1" : "10.30.0.2";
      pods.annotate(pod, TestPods.STATUS, TestPods.status(elsewhere + "/core", address));
    }
    assertTrue(migrate().contains("  network    " + elsewhere + "/core\n"));
    JarProcess wrong = start("--network", "core=" + namespace + "/core");
    assertEquals(1, wrong.awaitEnd());
    assertTrue(
        wrong.output().contains("it would no longer publish 10.30.0.1 of pod web-0 on"),
        wrong.output());
  }

  @Test
  void whatIsSomebodyElsesIsLeftAlone() throws Exception {
    client
        .services()
        .inNamespace(namespace)
        .withName("web")
        .edit(
            each -> {
              each.getMetadata().setOwnerReferences(List.of());
              return each;
            });
    JarProcess process = start("--apply");
    assertEquals(1, process.awaitEnd());
    assertTrue(
        process.output().contains("belongs to neither the old NetService nor the new one"),
        process.output());
    assertNull(fresh("web"));
  }

  @Test
  void servicesOfOthersArePrintedAsNetServicesThatTheApiServerTakes() throws Exception {
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: danm
          namespace: %1$s
          annotations: {danm.io/selector: '{"app":"web"}', danm.io/network: core}
        spec: {clusterIP: None, ports: [{name: http, port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: multus
          namespace: %1$s
          labels: {service.kubernetes.io/service-proxy-name: multus-proxy}
          annotations: {k8s.v1.cni.cncf.io/service-network: core}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: web}]}
        """
            .formatted(namespace));
    for (String from : List.of("danm", "multus-service")) {
      String yaml = migrate("--from", from);
      String name = from.equals("danm") ? "danm" : "multus";
      client.services().inNamespace(namespace).withName(name).delete();
      cluster.kubectlWithInput(yaml, "apply", "-f", "-");
      Await.equal("published", "Published 2/2", new Published(client, namespace, name)::status);
    }
  }
}
