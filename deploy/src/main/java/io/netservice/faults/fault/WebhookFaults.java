package io.netservice.faults.fault;

import io.netservice.controlplane.ControlPlane.Component;
import io.netservice.controlplane.ControlPlane.Part;
import io.netservice.faults.load.AdmissionLoad;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.Webhooks;
import io.netservice.faults.world.World;
import java.util.List;
import java.util.Random;

/** NetServices are created 200 times a second, and something happens to the webhooks. */
final class WebhookFaults {

  /** Longer than a webhook takes to notice new files. */
  private static final int NOTICED = 2500;

  private WebhookFaults() {}

  /** What happens under the load. */
  private interface Disturbance {
    void disturb(World world, Random random) throws InterruptedException;
  }

  static List<Fault> all() {
    return List.of(
        underLoad(
            "webhook-certificate",
            "the webhooks' certificate replaced at 200 requests a second",
            (world, random) -> {
              world.webhooks().replaceCertificate();
              Thread.sleep(NOTICED);
            }),
        underLoad(
            "webhook-rolled",
            "both webhooks replaced, one after the other, at 200 requests a second",
            (world, random) -> {
              Webhooks webhooks = world.webhooks();
              for (int i = 0; i < webhooks.count(); i++) {
                webhooks.roll(i, random.nextInt(1000));
              }
            }),
        underLoad(
            "webhook-apiserver",
            "API server killed and started again at 200 requests a second",
            (world, random) -> {
              Component server = world.component(Part.KUBE_APISERVER);
              server.kill();
              server.start();
              Fault.last(random, 500, 1000);
            }),
        new Fault(
                "webhook-killed",
                "both webhooks killed while NetServices are created; refused meanwhile",
                Layout.WEBHOOKS,
                (world, random) -> {
                  AdmissionLoad load = world.load(AdmissionLoad.FAST).start();
                  Fault.last(random, 300, 800);
                  world.webhooks().kill();
                  Fault.last(random, 200, 1000);
                  int admitted = load.end().admitted();
                  // Refusals are what is wanted; nothing may pass unseen.
                  world.noteFailures(
                      load.failures().stream()
                          .filter(each -> each.startsWith("admitted"))
                          .toList());
                  world.webhooks().startAgain();
                  return admitted;
                })
            .restoredBy(world -> world.webhooks().awaitReady()));
  }

  private static Fault underLoad(String name, String title, Disturbance disturbance) {
    return new Fault(
        name,
        title,
        Layout.WEBHOOKS,
        (world, random) -> {
          AdmissionLoad load = world.load(AdmissionLoad.FAST).start();
          Fault.last(random, 300, 800);
          disturbance.disturb(world, random);
          world.noteFailures(load.end().failures());
          return load.admitted();
        });
  }
}
