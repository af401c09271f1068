package io.netservice.faults.fault;

import io.netservice.controlplane.ControlPlane.Component;
import io.netservice.controlplane.ControlPlane.Part;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.Syncer;
import io.netservice.faults.world.TcpRelay;
import io.netservice.faults.world.Toxiproxy;
import io.netservice.faults.world.World;
import java.util.List;
import java.util.Random;

/** The way from the syncer to the API server fails, and nothing else. */
final class ConnectionFaults {

  private ConnectionFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "connection-cut",
            "all connections closed, new ones refused",
            Layout.TOXIPROXY,
            (world, random) -> {
              world.toxiproxy().enable(false);
              Fault.last(random, 200, 3000);
              world.toxiproxy().enable(true);
              return 1;
            }),
        new Fault(
            "connection-slow",
            "everything 300 to 700 ms late, both ways",
            Layout.TOXIPROXY,
            (world, random) ->
                toxic(world, random, "latency", "{\"latency\":500,\"jitter\":200}", 2000, 4000)),
        new Fault(
            "connection-throttled",
            "2 KB a second, both ways",
            Layout.TOXIPROXY,
            ConnectionFaults::throttled),
        new Fault(
            "connection-black-hole",
            "nothing passes and no connection is closed",
            Layout.TOXIPROXY,
            (world, random) -> toxic(world, random, "timeout", "{\"timeout\":0}", 2000, 9000)),
        new Fault(
                "connection-half-open",
                "what is connected is dead without a word; new connections work",
                Layout.TOXIPROXY,
                (world, random) -> {
                  // The end of this fault is its beginning: from there on it is for the syncer to
                  // notice.
                  world.relay(world.syncer()).stall();
                  return 1;
                })
            .restoredBy(world -> world.relay(world.syncer()).closeStalled()),
        new Fault(
            "watch-too-old",
            "cut off while etcd is compacted and the API server starts anew: 410 Gone",
            Layout.TOXIPROXY,
            ConnectionFaults::tooOld));
  }

  private static int toxic(
      World world, Random random, String type, String attributes, int least, int most)
      throws InterruptedException {
    Toxiproxy proxy = world.toxiproxy();
    proxy.add(type, attributes);
    Fault.last(random, least, most);
    proxy.clear();
    return 1;
  }

  /**
   * toxiproxy 2.5.0 can't: its bandwidth toxic waits for ever to write to a client that has gone,
   * and then can't be removed.
   */
  private static int throttled(World world, Random random) throws InterruptedException {
    TcpRelay relay = world.relay(world.syncer());
    relay.throttle(2000);
    Fault.last(random, 2000, 4000);
    relay.throttle(0);
    return 1;
  }

  private static int tooOld(World world, Random random) throws InterruptedException {
    Syncer syncer = world.syncer();
    TcpRelay relay = world.relay(syncer);
    int before = syncer.count("too old");
    relay.cut(true);
    Fault.last(random, 500, 1500);
    // The next API server begins with what etcd has then, and knows nothing older.
    world.compact();
    Component server = world.component(Part.KUBE_APISERVER);
    server.kill();
    server.start();
    relay.restore();
    return syncer.awaitCount("too old", before + 1);
  }
}
