package io.netservice.deploy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How pods are watched: what the API server counts, and that everybody's pods are followed. */
class WatchIT {

  /** So many selectors of a namespace have a watch of their own; one more serves all others. */
  private static final int BOUND = 16;

  private Cluster cluster;
  private String namespace;
  private TestPods pods;

  /** The address that pod {@code db-N} has now, by N. */
  private final Map<Integer, String> addresses = new TreeMap<>();

  private int changes;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("watch");
    pods = new TestPods(cluster.client(), namespace);
  }

  /** Makes pod and NetService {@code db-N}, which selects that pod alone. */
  private void add(int number) {
    if (!addresses.containsKey(number)) {
      makePod(number);
    }
    cluster.netService(
        namespace, name(number), "netAttachDef: core\nselector: {app: %s}".formatted(name(number)));
  }

  private void makePod(int number) {
    addresses.put(number, nextAddress());
    pods.ready(name(number), name(number), namespace + "/core", addresses.get(number));
  }

  private void remove(int number) {
    pods.delete(name(number));
    cluster.kubectl("-n", namespace, "delete", "netservice", name(number));
    addresses.remove(number);
  }

  private static String name(int number) {
    return "db-" + number;
  }

  private String nextAddress() {
    changes++;
    return "10.10.%d.%d".formatted(changes / 250, 1 + changes % 250);
  }

  /** Gives each pod another address and waits until each NetService has that of its own pod. */
  private void awaitThatAllFollow() {
    awaitAddresses();
    addresses.replaceAll((number, old) -> nextAddress());
    addresses.forEach(
        (number, address) ->
            pods.annotate(
                name(number), TestPods.STATUS, TestPods.status(namespace + "/core", address)));
    awaitAddresses();
  }

  private void awaitAddresses() {
    Map<String, List<String>> expected = new HashMap<>();
    addresses.forEach((number, address) -> expected.put(name(number), List.of(address + " ready")));
    Await.equal("addresses by NetService", expected, this::published);
  }

  private Map<String, List<String>> published() {
    Map<String, List<String>> result = new HashMap<>();
    Published.slicesByService(cluster.client(), namespace)
        .forEach(
            (service, slices) ->
                result.put(
                    service,
                    slices.stream()
                        .filter(slice -> slice.getEndpoints() != null)
                        .flatMap(slice -> slice.getEndpoints().stream())
                        .map(
                            endpoint ->
                                endpoint.getAddresses().get(0)
                                    + (endpoint.getConditions().getReady()
                                        ? " ready"
                                        : " not ready"))
                        .toList()));
    return result;
  }

  /** How many watches of the pods of one namespace the API server serves; only the syncer does. */
  private int watches() {
    return cluster
        .kubectl("get", "--raw", "/metrics")
        .lines()
        .filter(line -> line.startsWith("apiserver_longrunning_requests{"))
        .filter(
            line ->
                line.contains("resource=\"pods\"")
                    && line.contains("scope=\"namespace\"")
                    && line.contains("verb=\"WATCH\""))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void moreSelectorsThanTheBoundShareOneWatchAndAllFollowTheirPods() {
    for (int number = 0; number < BOUND; number++) {
      add(number);
    }
    awaitThatAllFollow();
    // Counted only now: what earlier tests left, or a syncer that they started, has settled.
    int others = watches() - BOUND;

    // Pods that are there before anybody asks for them, and some that come after.
    makePod(BOUND);
    addresses.remove(BOUND);
    add(BOUND + 1);
    awaitThatAllFollow();
    addresses.put(BOUND, nextAddress());
    pods.annotate(
        name(BOUND), TestPods.STATUS, TestPods.status(namespace + "/core", addresses.get(BOUND)));
    for (int number : List.of(BOUND, BOUND + 2, BOUND + 3)) {
      add(number);
    }
    awaitThatAllFollow();
    Await.equal("watches above the bound", others + BOUND + 1, this::watches);

    // From one that has a watch of its own to one that shares, and to another that does.
    pods.label(name(0), "app", name(BOUND));
    Await.equal(
        "addresses",
        List.of(addresses.get(0) + " ready", addresses.get(BOUND) + " ready").stream()
            .sorted()
            .toList(),
        () -> published().get(name(BOUND)).stream().sorted().toList());
    pods.label(name(0), "app", name(BOUND + 1));
    Await.equal(
        "addresses", List.of(addresses.get(BOUND) + " ready"), () -> published().get(name(BOUND)));
    pods.label(name(0), "app", name(0));
    awaitThatAllFollow();

    for (int number = 0; number < 10; number++) {
      remove(number);
    }
    awaitThatAllFollow();
    Await.equal("watches below the bound", others + BOUND - 10 + 1, this::watches);
    for (int number = 30; number < 32; number++) {
      add(number);
    }
    awaitThatAllFollow();
    Await.equal("watches with new ones", others + BOUND - 10 + 2 + 1, this::watches);
    for (int number = BOUND; number < BOUND + 4; number++) {
      remove(number);
    }
    awaitThatAllFollow();
    Await.equal("watches without the shared one", others + BOUND - 10 + 2, this::watches);
  }
}
