package io.netservice.faults.fault;

import io.netservice.controlplane.ControlPlane.Component;
import io.netservice.controlplane.ControlPlane.Part;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.Syncer;
import io.netservice.faults.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Processes that are killed, frozen and started again. */
final class ProcessFaults {

  private ProcessFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "syncer-killed",
            "syncer killed with SIGKILL, started again",
            Layout.ALONE,
            (world, random) -> {
              Syncer syncer = world.syncer();
              Path credentials = syncer.credentials();
              syncer.running().kill();
              Fault.last(random, 0, 1500);
              syncer.start(credentials);
              return 1;
            }),
        new Fault(
            "syncer-restarted",
            "syncer ended with SIGTERM, started again",
            Layout.ALONE,
            (world, random) -> {
              Syncer syncer = world.syncer();
              Path credentials = syncer.credentials();
              syncer.running().close();
              Fault.last(random, 0, 500);
              syncer.start(credentials);
              return 1;
            }),
        new Fault(
            "syncer-frozen",
            "syncer frozen with SIGSTOP, the only one",
            Layout.ALONE,
            (world, random) -> {
              world.syncer().running().pause();
              Fault.last(random, 2000, 5000);
              world.syncer().running().resume();
              return 1;
            }),
        new Fault(
            "apiserver-killed",
            "API server killed and started again",
            Layout.ALONE,
            (world, random) -> killed(world, random, Part.KUBE_APISERVER)),
        new Fault(
            "apiserver-restarted",
            "API server ended with SIGTERM and started again",
            Layout.ALONE,
            (world, random) -> {
              Component server = world.component(Part.KUBE_APISERVER);
              server.stop();
              server.start();
              return 1;
            }),
        new Fault(
            "apiserver-frozen",
            "API server frozen with SIGSTOP",
            Layout.ALONE,
            (world, random) -> frozen(world, random, Part.KUBE_APISERVER)),
        new Fault(
            "etcd-killed",
            "etcd killed and started again",
            Layout.ALONE,
            (world, random) -> killed(world, random, Part.ETCD)),
        new Fault(
            "etcd-frozen",
            "etcd frozen with SIGSTOP",
            Layout.ALONE,
            (world, random) -> frozen(world, random, Part.ETCD)));
  }

  private static int killed(World world, Random random, Part part) throws InterruptedException {
    Component component = world.component(part);
    component.kill();
    Fault.last(random, 0, 1500);
    component.start();
    return 1;
  }

  private static int frozen(World world, Random random, Part part) throws InterruptedException {
    Component component = world.component(part);
    component.pause();
    Fault.last(random, 1500, 6000);
    component.resume();
    return 1;
  }
}
