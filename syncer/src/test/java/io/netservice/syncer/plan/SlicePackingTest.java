package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * For random sequences of changes: slices hold what they should, each endpoint once, none over its
 * limit, none written without need, and not many more than needed. {@code -Dpacking.seed=N} runs
 * one sequence again, {@code -Dpacking.sequences=N} more of them.
 */
class SlicePackingTest {

  private static final int CHANGES = 60;

  @TestFactory
  List<DynamicTest> randomChanges() {
    Long one = Long.getLong("packing.seed");
    List<Long> seeds = new ArrayList<>();
    if (one != null) {
      seeds.add(one);
    } else {
      IntStream.range(0, Integer.getInteger("packing.sequences", 30))
          .forEach(i -> seeds.add((long) i));
      seeds.add(System.nanoTime());
    }
    return seeds.stream()
        .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Sequence(seed).run()))
        .toList();
  }

  /** One sequence of changes, all of which follow from the seed. */
  private static final class Sequence {
    private final Random random;
    private final Cluster cluster = new Cluster().ports("http:80>web");

    /** The port of each address that should be published, and whether it is ready. */
    private final Map<String, Integer> ports = new TreeMap<>();

    private final Map<String, Boolean> readiness = new TreeMap<>();
    private int limit;
    private int next;
    private String change = "";

    Sequence(long seed) {
      random = new Random(seed);
      limit = 1 + random.nextInt(12);
      cluster.limit(limit);
    }

    void run() {
      cluster.reconcile();
      for (int i = 0; i < CHANGES; i++) {
        Map<String, List<String>> before = cluster.contents();
        change();
        boolean limitChanged = change.equals("limit");
        Map<String, List<String>> given = cluster.contents();
        // Slices of different ports may take addresses from each other all around.
        cluster.mayBeGoneForAMoment(change.equals("other port")).reconcile();
        String when = "change " + i + ", " + change + ", limit " + limit;
        holdsWhatItShould(when);
        isWithinTheBound(when);
        if (!limitChanged && !change.startsWith("ports") && before.equals(given)) {
          writesNothingWithoutNeed(given, when);
        }
        assertEquals(List.of(), cluster.reconcile().writes(), when + ": written twice");
      }
    }

    private void change() {
      int what = random.nextInt(20);
      if (what < 6) {
        change = "add";
        addSome(1 + random.nextInt(2 * limit));
      } else if (what < 10) {
        change = "remove";
        List<String> all = new ArrayList<>(ports.keySet());
        int count = Math.min(all.size(), 1 + random.nextInt(2 * limit));
        for (int i = 0; i < count; i++) {
          remove(all.remove(random.nextInt(all.size())));
        }
      } else if (what < 13) {
        change = "add and remove";
        List.copyOf(ports.keySet()).stream()
            .filter(any -> random.nextInt(4) == 0)
            .forEach(this::remove);
        addSome(random.nextInt(limit + 1));
      } else if (what < 16) {
        change = "flip";
        List.copyOf(ports.keySet()).stream()
            .filter(any -> random.nextInt(8) == 0)
            .forEach(address -> put(address, ports.get(address), !readiness.get(address)));
      } else if (what < 17) {
        change = "other port";
        List.copyOf(ports.keySet()).stream()
            .filter(any -> random.nextInt(8) == 0)
            .forEach(address -> put(address, 80 + random.nextInt(3), readiness.get(address)));
      } else if (what < 18 && random.nextBoolean()) {
        // The numbers that pods have stay as they are.
        change = "ports of the NetService";
        cluster.ports("http" + random.nextInt(100) + ":80>web");
      } else if (what < 18) {
        change = "limit";
        limit = 1 + random.nextInt(12);
        cluster.limit(limit);
      } else if (what < 19) {
        change = "duplicate by hand";
        String name = anySlice();
        cluster.copy("EndpointSlice/" + name, name + "-" + random.nextInt(1000), "{}");
      } else {
        change = "deletion by hand";
        cluster.delete("EndpointSlice/" + anySlice());
      }
    }

    private String anySlice() {
      List<String> names = List.copyOf(cluster.sizes().keySet());
      return names.get(random.nextInt(names.size()));
    }

    private void addSome(int count) {
      for (int i = 0; i < count; i++) {
        put(Cluster.address(next++), 80 + random.nextInt(10) / 9, random.nextBoolean());
      }
    }

    private void put(String address, int port, boolean ready) {
      Pods pod = pod("p" + address).port("web", port).on("core", address);
      cluster.with(ready ? pod.ready() : pod);
      ports.put(address, port);
      readiness.put(address, ready);
    }

    private void remove(String address) {
      cluster.without("p" + address);
      ports.remove(address);
      readiness.remove(address);
    }

    /** An endpoint as {@link Cluster#contents} tells it. */
    private String endpoint(String address) {
      return address + "@" + ports.get(address) + (readiness.get(address) ? " ready" : "");
    }

    private void holdsWhatItShould(String when) {
      List<String> published = new ArrayList<>();
      cluster.contents().values().forEach(published::addAll);
      published.sort(null);
      assertEquals(ports.keySet().stream().map(this::endpoint).sorted().toList(), published, when);
      cluster
          .sizes()
          .forEach(
              (name, size) -> assertTrue(size <= limit, when + ": " + name + " holds " + size));
    }

    private void isWithinTheBound(String when) {
      Map<Integer, Integer> wanted = new TreeMap<>();
      ports.values().forEach(port -> wanted.merge(port, 1, Integer::sum));
      Map<Integer, Integer> slices = new TreeMap<>();
      cluster.contents().values().stream()
          .filter(endpoints -> !endpoints.isEmpty())
          .forEach(endpoints -> slices.merge(port(endpoints.get(0)), 1, Integer::sum));
      wanted.forEach(
          (port, count) ->
              assertTrue(
                  slices.get(port) == 1 || 3 * limit * slices.get(port) < 8 * count,
                  () -> when + ": " + slices.get(port) + " slices for " + count));
    }

    private static int port(String endpoint) {
      return Integer.parseInt(endpoint.replaceAll(".*@(\\d+).*", "$1"));
    }

    /**
     * A slice that is right needs no write, but for one that takes all new endpoints of its ports,
     * and for two that together fill no more than three quarters of one.
     */
    private void writesNothingWithoutNeed(Map<String, List<String>> given, String when) {
      Set<String> desired = new TreeSet<>(ports.keySet().stream().map(this::endpoint).toList());
      Map<Integer, Integer> right = new TreeMap<>();
      Map<String, List<String>> now = cluster.contents();
      for (String write : cluster.writes()) {
        String name = write.replaceAll(".*/", "");
        List<String> held = given.get(name);
        if (held == null || held.isEmpty() || !desired.containsAll(held)) {
          continue;
        }
        List<String> holds = now.getOrDefault(name, List.of());
        if (!holds.containsAll(held) || holdsOfAnother(name, holds, given)) {
          int size = merged(name, given, desired);
          assertTrue(
              size <= limit * 3 / 4, () -> when + ": " + write + " though " + size + " remain");
        } else {
          right.merge(port(held.get(0)), 1, Integer::sum);
        }
      }
      right.forEach(
          (port, count) ->
              assertTrue(count <= 1, () -> when + ": " + count + " right slices written"));
    }

    /** Whether slice {@code name} now holds an endpoint that another one held before. */
    private static boolean holdsOfAnother(
        String name, List<String> holds, Map<String, List<String>> given) {
      return given.entrySet().stream()
          .filter(other -> !other.getKey().equals(name))
          .anyMatch(other -> other.getValue().stream().anyMatch(holds::contains));
    }

    /** How many endpoints the slice holds now that has those of {@code name}. */
    private int merged(String name, Map<String, List<String>> given, Set<String> desired) {
      String any = given.get(name).stream().filter(desired::contains).findFirst().orElseThrow();
      return cluster.contents().values().stream()
          .filter(endpoints -> endpoints.contains(any))
          .mapToInt(List::size)
          .findFirst()
          .orElseThrow();
    }
  }
}
