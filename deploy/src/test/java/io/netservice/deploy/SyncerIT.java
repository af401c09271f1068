package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From NetServices and pods to Services and endpoints, on a real API server. */
class SyncerIT {

  private Cluster cluster;
  private String namespace;
  private TestPods pods;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("syncer");
    pods = new TestPods(cluster.client(), namespace);
  }

  private Published netService(String name, String network, String app) {
    apply(name, "  netAttachDef: " + network + "\n  selector: {app: " + app + "}\n");
    return new Published(cluster.client(), namespace, name);
  }

  private void apply(String name, String spec) {
    cluster.netService(namespace, name, spec.stripIndent());
  }

  @Test
  void podsOfTheNetworkArePublishedAndFollowed() {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1", "fd00:10::1");
    Published db = netService("db", "core", "db");
    db.await("10.10.0.1 ready", "fd00:10::1 ready");
    Await.equal("status", "Published 2/2", db::status);

    Service service = db.service();
    assertEquals("None", service.getSpec().getClusterIP());
    assertTrue(service.getSpec().getSelector().isEmpty(), "a selector would add default addresses");
    assertEquals(
        "true",
        db.endpoints().getMetadata().getLabels().get("endpointslice.kubernetes.io/skip-mirror"));
    for (HasMetadata owned : owned(db)) {
      var owner = owned.getMetadata().getOwnerReferences().get(0);
      assertEquals(db.netService().getMetadata().getUid(), owner.getUid());
      assertEquals(true, owner.getController());
    }

    pods.ready("two", "db", namespace + "/core", "10.10.0.2");
    db.await("10.10.0.1 ready", "fd00:10::1 ready", "10.10.0.2 ready");
    pods.ready("two", false);
    db.await("10.10.0.1 ready", "fd00:10::1 ready", "10.10.0.2 not ready");
    Await.equal("status", "Published 2/3", db::status);
    pods.annotate("two", TestPods.STATUS, TestPods.status(namespace + "/core", "10.10.0.22"));
    db.await("10.10.0.1 ready", "fd00:10::1 ready", "10.10.0.22 not ready");
    pods.delete("one");
    db.await("10.10.0.22 not ready");
    pods.delete("two");
    db.await();
    Await.equal("status", "NoMatchingPods 0/0", db::status);
    assertTrue(!db.slices().isEmpty(), "without any slice DNS has no empty answer but none");
    assertTrue(db.endpoints().getSubsets().isEmpty());
  }

  private static List<HasMetadata> owned(Published of) {
    return Stream.concat(Stream.<HasMetadata>of(of.service(), of.endpoints()), of.slices().stream())
        .toList();
  }

  /** Nothing else happens meanwhile that could make the syncer look. */
  @Test
  void zoneOfTheNodeAndItsChangeAreFollowed() {
    String node = namespace + "-node";
    pods.node(node, "a");
    pods.make("one").label("app", "db").on(node).create();
    pods.annotate("one", TestPods.STATUS, TestPods.status(namespace + "/core", "10.10.0.1"));
    pods.ready("one", true);
    Published db = netService("db", "core", "db");
    db.await("10.10.0.1 ready");
    Await.equal("zones", Set.of("a"), db::zones);
    pods.zone(node, "b");
    Await.equal("zones", Set.of("b"), db::zones);
    pods.zone(node, null);
    Await.equal("zones", Set.of(), db::zones);
  }

  @Test
  void podThatEndsLeavesWithoutFurtherNotice() {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    pods.ready("one", false);
    Published db = netService("db", "core", "db");
    db.await("10.10.0.1 not ready");
    pods.finish("one", "Failed");
    db.await();
  }

  @Test
  void changedNetworkAndSelectorAreFollowed() {
    pods.ready("a", "a", namespace + "/core", "10.10.1.1");
    pods.ready("b", "b", namespace + "/core", "10.10.1.2");
    pods.ready("c", "b", "elsewhere/access", "10.20.1.3");
    Published svc = netService("svc", "core", "a");
    svc.await("10.10.1.1 ready");
    netService("svc", "core", "b");
    svc.await("10.10.1.2 ready");
    netService("svc", "elsewhere/access", "b");
    svc.await("10.20.1.3 ready");
  }

  @Test
  void olderSpellingOfTheAnnotationIsRead() {
    pods.create("old", "old");
    pods.annotate("old", TestPods.OLD_STATUS, TestPods.status("core", "10.10.2.1"));
    pods.ready("old", true);
    netService("svc", "core", "old").await("10.10.2.1 ready");
  }

  @Test
  void poisonousAnnotationConcernsItsOwnPodAlone() {
    pods.ready("good", "db", namespace + "/core", "10.10.3.1");
    Published db = netService("db", "core", "db");
    db.await("10.10.3.1 ready");
    int number = 0;
    for (String bad :
        List.of(
            "[",
            "{}",
            "[{\"name\":7}]",
            "[".repeat(100_000),
            TestPods.status(namespace + "/core", "127.0.0.1"),
            TestPods.status(namespace + "/core", "169.254.1.1", "fe80::1", "224.0.0.1", "0.0.0.0"),
            TestPods.status(namespace + "/core", "localhost", "", "010.0.0.1", "::ffff:127.0.0.1"),
            "[{\"name\":\"" + namespace + "/core\"}]",
            "[{\"name\":\"" + namespace + "/core\",\"ips\":{}}]")) {
      String name = "bad-" + number++;
      pods.create(name, "db");
      pods.annotate(name, TestPods.STATUS, bad);
      pods.ready(name, true);
    }
    pods.ready("mixed", "db", namespace + "/core", "fe80::1", "10.10.3.2/24", "FD00:0:0::00A");
    db.await("10.10.3.1 ready", "10.10.3.2 ready", "fd00::a ready");
    Await.equal("skipped", 9, db::skipped);
    assertTrue(cluster.syncer().isAlive());
  }

  @Test
  void serviceThatIsReplacedByAForeignOneIsLeftAloneUntilItIsGone() {
    pods.ready("one", "web", namespace + "/core", "10.10.5.1");
    Published web = netService("web", "core", "web");
    web.await("10.10.5.1 ready");
    // Takes the owner off: from now on it is somebody else's.
    cluster.kubectl(
        "-n",
        namespace,
        "patch",
        "service",
        "web",
        "--type=merge",
        "-p",
        "{\"metadata\":{\"ownerReferences\":null}}");
    Await.equal("status", "ServiceConflict 0/0", web::status);
    Await.equal("slices", Set.of(), web::inSlices);
    cluster.kubectl("-n", namespace, "delete", "service", "web");
    web.await("10.10.5.1 ready");
    Await.equal("status", "Published 1/1", web::status);
  }

  @Test
  void editsAndDeletionsByHandAreRepaired() {
    pods.ready("one", "db", namespace + "/core", "10.10.6.1");
    Published db = netService("db", "core", "db");
    db.await("10.10.6.1 ready");
    for (String kind : List.of("service", "endpoints")) {
      // kube-controller-manager deletes the Endpoints of a deleted Service, too.
      cluster.kubectl("-n", namespace, "delete", kind, "db", "--ignore-not-found");
    }
    cluster.kubectl("-n", namespace, "delete", "endpointslices", "--all", "--ignore-not-found");
    Await.until("the Service is back", () -> db.service() != null);
    db.await("10.10.6.1 ready");
    cluster.kubectl(
        "-n",
        namespace,
        "patch",
        "endpoints",
        "db",
        "--type=merge",
        "-p",
        "{\"subsets\":[{\"addresses\":[{\"ip\":\"10.10.6.1\"},{\"ip\":\"10.66.6.6\"}]}]}");
    db.await("10.10.6.1 ready");
  }

  @Test
  void deletedNetServiceLeavesNothing() {
    pods.ready("one", "db", namespace + "/core", "10.10.7.1");
    Published db = netService("db", "core", "db");
    db.await("10.10.7.1 ready");
    cluster.kubectl("-n", namespace, "delete", "netservice", "db");
    Await.until("the Service is gone", () -> db.service() == null);
    Await.until("the Endpoints are gone", () -> db.endpoints() == null);
    Await.until("the slices are gone", () -> db.slices().isEmpty());
    assertNull(db.netService());
  }

  @Test
  void changesWhileTheSyncerWasAwayAreMadeUpFor() throws Exception {
    pods.ready("one", "db", namespace + "/core", "10.10.8.1");
    pods.ready("two", "db", namespace + "/core", "10.10.8.2");
    Published db = netService("db", "core", "db");
    db.await("10.10.8.1 ready", "10.10.8.2 ready");
    cluster.whileSyncerIsAway(
        () -> {
          pods.delete("one");
          pods.annotate("two", TestPods.STATUS, TestPods.status(namespace + "/core", "10.10.8.3"));
          pods.ready("three", "db", namespace + "/core", "10.10.8.4");
        });
    db.await("10.10.8.3 ready", "10.10.8.4 ready");
  }

  @Test
  void clusterIpTypeMakesAServiceWithPortsAndTheTypeCanChange() {
    pods.ready("one", "web", namespace + "/core", "10.10.9.1");
    String common = "  netAttachDef: core\n  selector: {app: web}\n";
    apply(
        "web", common + "  type: ClusterIP\n  ports: [{name: http, port: 80, targetPort: web}]\n");
    Published web = new Published(cluster.client(), namespace, "web");
    web.await("10.10.9.1 ready");
    assertTrue(web.service().getSpec().getClusterIP().startsWith("10.96."));
    assertEquals(
        8080,
        web.slices().stream()
            .filter(s -> s.getPorts() != null && !s.getPorts().isEmpty())
            .findFirst()
            .orElseThrow()
            .getPorts()
            .get(0)
            .getPort());
    apply("web", common + "  type: Headless\n  ports: [{name: http, port: 80, targetPort: web}]\n");
    Await.equal("clusterIP", Optional.of("None"), web::clusterIp);
    web.await("10.10.9.1 ready");
  }

  @Test
  void secondReconcileWritesNothing() throws Exception {
    pods.ready("one", "db", namespace + "/core", "10.10.11.1");
    Published db = netService("db", "core", "db");
    db.await("10.10.11.1 ready");
    Await.equal("status", "Published 1/1", db::status);
    List<String> before = versions(db);
    cluster.whileSyncerIsAway(() -> {});
    // A pod elsewhere shows that the new syncer works on this namespace.
    pods.ready("other", "other", namespace + "/core", "10.10.11.2");
    netService("other", "core", "other").await("10.10.11.2 ready");
    assertEquals(before, versions(db));
  }

  private static List<String> versions(Published of) {
    return owned(of).stream()
        .map(object -> object.getKind() + " " + object.getMetadata().getResourceVersion())
        .toList();
  }
}
