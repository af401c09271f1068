package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two syncers and one Lease, on a real API server. */
class LeaderIT {

  private static final Duration LEASE = Duration.ofSeconds(5);

  private Cluster cluster;
  private String namespace;
  private TestPods pods;
  private Published db;
  private int changes;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("leader");
    pods = new TestPods(cluster.client(), namespace);
    pods.ready("one", "db", namespace + "/core", "10.30.0.1");
    cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}");
    db = new Published(cluster.client(), namespace, "db");
  }

  /** A leader and a standby, which take each other's place. */
  private interface Pair {
    void run(JarProcess leader, JarProcess standby) throws Exception;
  }

  private void withTwo(Pair test) throws Exception {
    cluster.withoutSyncer(
        () -> {
          JarProcess first = start();
          try {
            first.awaitLine("this process is the leader now");
            JarProcess second = start();
            try {
              awaitChange();
              test.run(first, second);
            } finally {
              second.kill();
            }
          } finally {
            first.kill();
          }
        });
  }

  private JarProcess start() throws Exception {
    return cluster.startAnotherSyncer(
        "--lease-duration=" + LEASE.toSeconds() + "s",
        "--renew-deadline=3s",
        "--retry-period=500ms");
  }

  private void change() {
    changes++;
    pods.annotate("one", TestPods.STATUS, TestPods.status(namespace + "/core", address()));
  }

  private String address() {
    return "10.30.1." + changes;
  }

  private void awaitChange() {
    change();
    db.await(address() + " ready");
  }

  private static double writes(JarProcess syncer) {
    return syncer.metric("netservice_syncer_writes_total");
  }

  private LeaseSpec lease() {
    return cluster
        .client()
        .leases()
        .inNamespace("netservice-system")
        .withName("netservice-syncer")
        .get()
        .getSpec();
  }

  private static Instant at(String line) {
    return Instant.parse(line.substring(0, line.indexOf(' ')));
  }

  @Test
  void standbyIsReadyAndWritesNothingUntilTheLeaderStops() throws Exception {
    withTwo(
        (leader, standby) -> {
          Await.equal("standby", "ok\n", () -> standby.page("/readyz"));
          assertEquals(0, writes(standby));
          assertEquals(0, standby.metric("netservice_syncer_leader"));
          assertEquals(1, leader.metric("netservice_syncer_leader"));
          String holder = lease().getHolderIdentity();
          int transitions = lease().getLeaseTransitions();

          leader.askToStop();
          change();
          leader.awaitStop();
          db.await(address() + " ready");

          assertTrue(writes(standby) > 0);
          assertEquals(1, standby.metric("netservice_syncer_leader"));
          Duration nobody =
              Duration.between(
                  at(leader.awaitLine("gave the Lease back")),
                  at(standby.awaitLine("this process is the leader now")));
          assertTrue(nobody.compareTo(Duration.ofSeconds(1)) < 0, nobody::toString);
          assertEquals(transitions + 1, lease().getLeaseTransitions());
          assertEquals(LEASE.toSeconds(), lease().getLeaseDurationSeconds().longValue());
          assertTrue(!holder.equals(lease().getHolderIdentity()), holder);
        });
  }

  @Test
  void killedLeaderIsFollowedWithinTheDurationOfTheLease() throws Exception {
    withTwo(
        (leader, standby) -> {
          leader.kill();
          Instant killed = Instant.now();
          awaitChange();
          Duration gap =
              Duration.between(killed, at(standby.awaitLine("this process is the leader now")));
          // It had renewed up to a period before it was killed, and the standby saw it then.
          assertTrue(gap.compareTo(LEASE.plusSeconds(1)) < 0, gap::toString);
        });
  }

  @Test
  void frozenLeaderThatWakesIsAStandbyAndWritesNothing() throws Exception {
    withTwo(
        (leader, standby) -> {
          double before = writes(leader);
          leader.freeze();
          try {
            // It will find all this when it wakes, and would have to write each of it.
            awaitChange();
            pods.ready("two", "db", namespace + "/core", "10.30.0.2");
            db.await(address() + " ready", "10.30.0.2 ready");
            pods.delete("two");
            awaitChange();
          } finally {
            leader.thaw();
          }
          leader.awaitLine("not the leader any more");
          awaitChange();
          Await.equal("readiness of the former leader", "ok\n", () -> leader.page("/readyz"));
          assertEquals(0, leader.metric("netservice_syncer_leader"));
          assertEquals(before, writes(leader));

          // And the other way round: nothing keeps it from leading again.
          standby.stop();
          awaitChange();
          assertEquals(1, leader.metric("netservice_syncer_leader"));
        });
  }

  @Test
  void withoutTheRightToTheLeaseNobodyIsReadyOrWritesUntilItIsGivenBack() throws Exception {
    var binding =
        cluster
            .client()
            .rbac()
            .roleBindings()
            .inNamespace("netservice-system")
            .withName("netservice-syncer");
    RoleBinding right = binding.get();
    withTwo(
        (leader, standby) -> {
          binding.delete();
          try {
            for (JarProcess each : List.of(leader, standby)) {
              Await.equal(
                  "readiness",
                  "the Lease of the leader can't be reached\n",
                  () -> each.page("/readyz"));
              assertEquals("ok\n", each.page("/livez"));
              assertEquals(0, each.metric("netservice_syncer_leader"));
            }
          } finally {
            right.getMetadata().setResourceVersion(null);
            right.getMetadata().setUid(null);
            cluster.client().resource(right).create();
          }
          awaitChange();
          for (JarProcess each : List.of(leader, standby)) {
            Await.equal("readiness", "ok\n", () -> each.page("/readyz"));
          }
          assertEquals(
              1,
              leader.metric("netservice_syncer_leader")
                  + standby.metric("netservice_syncer_leader"));
        });
  }

  @Test
  void deletedLeaseIsMadeAnewByItsHolder() throws Exception {
    withTwo(
        (leader, standby) -> {
          String holder = lease().getHolderIdentity();
          cluster.forgetLeader();
          Await.until(
              "there is a Lease",
              () ->
                  cluster
                          .client()
                          .leases()
                          .inNamespace("netservice-system")
                          .withName("netservice-syncer")
                          .get()
                      != null);
          assertEquals(holder, lease().getHolderIdentity());
          awaitChange();
          assertEquals(0, writes(standby));
        });
  }
}
