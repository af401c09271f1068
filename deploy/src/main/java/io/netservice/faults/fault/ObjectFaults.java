package io.netservice.faults.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.bench.cluster.BenchException;
import io.netservice.faults.load.Site;
import io.netservice.faults.load.Workload;
import io.netservice.faults.world.Admin;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** What the syncer works on is edited or taken away. */
final class ObjectFaults {

  private static final String BINDING =
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/netservice-syncer";
  private static final String CRD =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/netservices.netservice.cni.cncf.io";

  private ObjectFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
                "conflicts",
                "another client edits and deletes what the syncer writes, 20 times a second",
                Layout.ALONE,
                ObjectFaults::conflicts)
            .whilePublishedMayGo(),
        new Fault(
                "namespace-deleted",
                "a namespace in use deleted, made again",
                Layout.ALONE,
                ObjectFaults::namespace)
            .whilePublishedMayGo(),
        new Fault(
                "crd-deleted",
                "the CRD deleted, made again with its NetServices",
                Layout.ALONE,
                ObjectFaults::definition)
            .whilePublishedMayGo(),
        new Fault(
            "permissions-lost",
            "the syncer's permissions taken away, given back",
            Layout.ALONE,
            (world, random) -> {
              JsonNode binding = world.admin().get(BINDING).orElseThrow();
              Admin.insist(() -> world.admin().delete(BINDING));
              Fault.last(random, 2000, 5000);
              ((ObjectNode) binding).putObject("metadata").put("name", "netservice-syncer");
              Admin.insist(
                  () ->
                      world
                          .admin()
                          .create(
                              BINDING.substring(0, BINDING.lastIndexOf('/')), binding.toString()));
              return 1;
            }),
        new Fault(
                "node-deleted",
                "a Node with pods deleted, made again",
                Layout.ALONE,
                (world, random) -> {
                  int node = 1 + random.nextInt(Workload.NODES);
                  Admin.insist(() -> world.admin().delete("/api/v1/nodes/node-" + node));
                  Fault.last(random, 500, 2500);
                  world.workload().node(node);
                  return 1;
                })
            .whilePublishedMayGo(),
        new Fault(
            "goaway",
            "API server with --goaway-chance=0.02, 40 watches made anew",
            Layout.GOAWAY,
            ObjectFaults::goaway));
  }

  /** Edits that leave the resourceVersion of what the syncer knows behind. */
  private static int conflicts(World world, Random random) throws InterruptedException {
    int hits = 0;
    long end = System.nanoTime() + Duration.ofMillis(1500 + random.nextInt(2000)).toNanos();
    while (System.nanoTime() < end) {
      Site site = Site.ALL.get(random.nextInt(Site.ALL.size()));
      String slices =
          "/apis/discovery.k8s.io/v1/namespaces/" + site.namespace() + "/endpointslices";
      String endpoints = "/api/v1/namespaces/" + site.namespace() + "/endpoints/" + site.name();
      try {
        JsonNode all =
            world
                .admin()
                .get(slices + "?labelSelector=kubernetes.io/service-name%3D" + site.name())
                .orElseThrow()
                .path("items");
        hits += edit(world.admin(), random, slices, all, endpoints) ? 1 : 0;
      } catch (BenchException e) {
        // It was written at the same moment: there will be others.
      }
      Thread.sleep(50);
    }
    return hits;
  }

  private static boolean edit(
      Admin admin, Random random, String slices, JsonNode all, String endpoints) {
    if (all.isEmpty()) {
      return false;
    }
    JsonNode slice = all.get(random.nextInt(all.size()));
    String path = slices + "/" + slice.at("/metadata/name").asText();
    return switch (random.nextInt(5)) {
      case 0 -> admin.delete(path);
      case 1 -> admin.delete(endpoints);
      case 2 -> admin.patch(endpoints, "{\"subsets\":[]}");
      case 3 ->
          admin.patch(
              path, "{\"metadata\":{\"annotations\":{\"touched\":\"" + random.nextInt() + "\"}}}");
      default -> {
        if (slice.path("endpoints") instanceof ArrayNode each && !each.isEmpty()) {
          each.remove(random.nextInt(each.size()));
        }
        yield admin.replace(path, slice);
      }
    };
  }

  private static int namespace(World world, Random random) throws InterruptedException {
    String namespace = Site.NAMESPACES.get(1);
    String path = "/api/v1/namespaces/" + namespace;
    Admin.insist(() -> world.admin().delete(path));
    await(
        "the end of the namespace",
        () -> {
          // Without a kubelet nobody ends pods that have a grace.
          world.workload().removePods(namespace);
          return world.admin().get(path).isEmpty();
        });
    Fault.last(random, 0, 500);
    world.workload().build(namespace);
    return 1;
  }

  private static int definition(World world, Random random) throws InterruptedException {
    JsonNode definition = world.admin().get(CRD).orElseThrow();
    Admin.insist(() -> world.admin().delete(CRD));
    await("the end of the CRD", () -> world.admin().get(CRD).isEmpty());
    Fault.last(random, 0, 1000);
    String name = definition.at("/metadata/name").asText();
    ObjectNode again = definition.deepCopy();
    again.remove("status");
    again.putObject("metadata").put("name", name);
    Admin.insist(
        () -> world.admin().create(CRD.substring(0, CRD.lastIndexOf('/')), again.toString()));
    Site.NAMESPACES.forEach(world.workload()::publish);
    return 1;
  }

  /** Each new selector is a new watch, and one in fifty of the requests for one is sent away. */
  private static int goaway(World world, Random random) throws InterruptedException {
    int before = world.syncer().count("the API server closes it");
    String namespace = Site.NAMESPACES.get(0);
    String collection =
        "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/" + namespace + "/netservices";
    int base = random.nextInt(1_000_000);
    for (int i = 0; i < 40; i++) {
      String name = "extra-" + base + "-" + i;
      Admin.insist(
          () ->
              world
                  .admin()
                  .create(
                      collection,
                      """
                      {"apiVersion":"netservice.cni.cncf.io/v1alpha1","kind":"NetService",
                      "metadata":{"name":"%1$s"},
                      "spec":{"netAttachDef":"networks/core","selector":{"app":"%1$s"}}}"""
                          .formatted(name)));
      if (i >= 10) {
        String old = "extra-" + base + "-" + (i - 10);
        Admin.insist(() -> world.admin().delete(collection + "/" + old));
      }
      Thread.sleep(40);
    }
    for (int i = 30; i < 40; i++) {
      String old = "extra-" + base + "-" + i;
      Admin.insist(() -> world.admin().delete(collection + "/" + old));
    }
    return world.syncer().count("the API server closes it") - before;
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!Admin.insist(condition::getAsBoolean)) {
      if (System.nanoTime() > end) {
        throw new BenchException(what + " does not come");
      }
      Thread.sleep(20);
    }
  }
}
