package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.fail;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * NetServices against ordinary Services of the same pods, whose endpoints kube-controller-manager
 * publishes: after every burst of random changes both are the same, but for the network of the
 * addresses.
 *
 * <p>Without settings a short run with a fixed seed. {@code -Ddifferential.seconds=600} runs for
 * that long, with new seeds; {@code -Ddifferential.seed=7} begins with that seed; {@code
 * -Ddifferential.mutations=500} makes that many changes with each seed.
 */
class DifferentialIT {

  private static final long SECONDS = Long.getLong("differential.seconds", 0);
  private static final int MUTATIONS = Integer.getInteger("differential.mutations", 200);
  private static final int LARGEST_BURST = 15;

  /** How long both sides may differ after a burst: kube-controller-manager retries after 1 s. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  /** When the built-in controllers are asked to look again. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = Cluster.get();
  }

  @Test
  void netServicesPublishWhatOrdinaryServicesDoOnAnotherNetwork() {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    long seed =
        Long.getLong(
            "differential.seed", SECONDS == 0 ? 1 : new SecureRandom().nextInt(Integer.MAX_VALUE));
    int seeds = 0;
    int mutations = 0;
    do {
      mutations += new Run(seed++, end).run();
      seeds++;
    } while (System.nanoTime() < end);
    System.out.printf(
        "differential: %d mutations with %d seeds, no difference%n", mutations, seeds);
  }

  /** One sequence of changes in a namespace of its own. */
  private final class Run {
    private final long seed;
    private final long end;
    private final String namespace;
    private final RandomWorld world;
    private int mutations;

    Run(long seed, long end) {
      this.seed = seed;
      this.end = end;
      this.namespace = cluster.newNamespace("differential");
      this.world = new RandomWorld(cluster.client(), namespace, seed);
    }

    int run() {
      try {
        Random bursts = new Random(~seed);
        while (mutations < MUTATIONS && (SECONDS == 0 || System.nanoTime() < end)) {
          List<String> burst = new ArrayList<>();
          for (int i = bursts.nextInt(LARGEST_BURST); i >= 0; i--) {
            burst.add(world.mutate());
            mutations++;
          }
          awaitNoDifference(burst);
        }
        return mutations;
      } finally {
        world.close();
        cluster.client().namespaces().withName(namespace).delete();
      }
    }

    private void awaitNoDifference(List<String> burst) {
      Map<ServicePair, String> fence = world.fence();
      long since = System.nanoTime();
      long reminded = since;
      for (String difference = difference(fence); !difference.isEmpty(); ) {
        long now = System.nanoTime();
        if (now - since > BOUND.toNanos()) {
          fail(
              "seed %d, after %d mutations, a difference stays for %d s:%n%s%nthe last burst:%n%s"
                  .formatted(
                      seed, mutations, BOUND.toSeconds(), difference, String.join("\n", burst)));
        }
        if (now - reminded > PATIENCE.toNanos()) {
          remind(now);
          reminded = now;
        }
        Await.aMoment();
        difference = difference(fence);
      }
    }

    /**
     * The built-in controllers do not notice by themselves that a pod which was not ready ends or
     * that a Node's zone changes: they see it when something else happens to the Service. The
     * NetService is not reminded.
     */
    private void remind(long now) {
      world.pairs().forEach(pair -> pair.remindBuiltInControllers(Long.toString(now)));
    }

    private String difference(Map<ServicePair, String> fence) {
      Map<String, List<EndpointSlice>> slices =
          Published.slicesByService(cluster.client(), namespace);
      Map<String, Endpoints> endpoints = Published.endpointsByName(cluster.client(), namespace);
      StringBuilder result = new StringBuilder();
      for (ServicePair pair : world.pairs()) {
        // Endpoints of an ordinary Service hold the addresses of its first family alone, those of a
        // NetService all: its Service has no say in which families a network has. Together, those
        // of two ordinary Services hold all, too.
        List<String> ordinary =
            new Facts(PodAddresses::corresponding, world::hostname)
                .slices(slices.getOrDefault(pair.ordinary(), List.of()))
                .endpoints(endpoints.get(pair.ordinary()))
                .endpoints(endpoints.get(pair.ordinaryIpv6()))
                .lines();
        List<String> network =
            new Facts(UnaryOperator.identity(), world::hostname)
                .slices(slices.getOrDefault(pair.network(), List.of()))
                .endpoints(endpoints.get(pair.network()))
                .lines();
        String fenced = " " + PodAddresses.corresponding(fence.get(pair)) + " ";
        if (ordinary.stream().noneMatch(line -> line.contains(fenced))) {
          result.append(pair.ordinary()).append(" has not seen the end of the burst\n");
        }
        String difference = Facts.difference(ordinary, network);
        if (!difference.isEmpty()) {
          result.append(pair.network()).append(":\n").append(difference).append('\n');
        }
      }
      return result.toString();
    }
  }
}
