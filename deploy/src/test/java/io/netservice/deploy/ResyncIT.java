package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The net below the watches, drawn tight, on a real API server. */
class ResyncIT {

  private static final int SERVICES = 4;

  @Test
  void whileEverythingChangesTheCachesAreFoundRight() throws Exception {
    Cluster cluster = Cluster.get();
    String namespace = cluster.newNamespace("resync");
    TestPods pods = new TestPods(cluster.client(), namespace);
    Published[] published = new Published[SERVICES];
    for (int i = 0; i < SERVICES; i++) {
      pods.ready("pod-" + i, "app-" + i, namespace + "/core", "10.40.0." + i);
      cluster.netService(
          namespace, "db-" + i, "netAttachDef: core\nselector: {app: app-" + i + "}");
      published[i] = new Published(cluster.client(), namespace, "db-" + i);
    }
    cluster.withoutSyncer(
        () -> {
          JarProcess syncer = cluster.startAnotherSyncer("--resync-period=1s");
          try {
            syncer.awaitLine("this process is the leader now");
            // Each looked at several times, with changes all the while.
            for (int change = 1; resyncs(syncer) < 12 * SERVICES; change++) {
              int which = change % SERVICES;
              String address = "10.40." + (1 + change / 250) + "." + change % 250;
              pods.annotate(
                  "pod-" + which, TestPods.STATUS, TestPods.status(namespace + "/core", address));
              published[which].await(address + " ready");
            }
            assertEquals(
                0, syncer.metric("netservice_syncer_resync_repairs_total"), syncer::output);
          } finally {
            syncer.kill();
          }
        });
  }

  private static double resyncs(JarProcess syncer) {
    return syncer.metric("netservice_syncer_resyncs_total");
  }
}
