package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pod whose annotation is bad, beside good pods of the same NetService, on a real API server: it
 * refuses a whole slice for one address that it does not like.
 */
class PoisonIT {

  /** What the API server accepts for all annotations of an object together, keys included. */
  private static final int MOST_ANNOTATIONS = 256 * 1024;

  private static final int ROOM = MOST_ANNOTATIONS - TestPods.STATUS.length();

  private Cluster cluster;
  private String namespace;
  private TestPods pods;

  /** What is left out of the pod is told with its name. */
  private static final String NAMED = "pod bad: ";

  /**
   * An annotation.
   *
   * @param name what is bad about it
   * @param annotation its text; {@code NETWORK} stands for the network's name
   * @param published which of its addresses are good nevertheless
   * @param told what condition Degraded tells of it, empty if there is none
   */
  private record Poison(String name, String annotation, Set<String> published, String told) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Poison wrong(String name, String annotation) {
    return new Poison(name, annotation, Set.of(), NAMED);
  }

  private static Poison refused(String name, String address) {
    return wrong(name, TestPods.status("NETWORK", address));
  }

  private static Poison harmless(String name, String annotation, String... published) {
    return new Poison(name, annotation, Set.of(published), "");
  }

  private static String entry(String fields) {
    return "[{\"name\":\"NETWORK\"," + fields + "}]";
  }

  static Stream<Poison> poisons() {
    String manyShort =
        TestPods.status("NETWORK", "::2").replace("\"::2\"", "\"::2\",".repeat(40_000) + "\"::2\"");
    return Stream.of(
        refused("IPv4 loopback", "127.0.0.1"),
        refused("IPv6 loopback", "::1"),
        refused("IPv4 link-local", "169.254.1.1"),
        refused("IPv6 link-local", "fe80::1"),
        refused("IPv6 link-local with a zone", "fe80::1%eth0"),
        refused("IPv4 multicast", "239.0.0.1"),
        refused("IPv4 link-local multicast", "224.0.0.1"),
        refused("IPv6 multicast", "ff02::1"),
        refused("IPv4 unspecified", "0.0.0.0"),
        refused("IPv6 unspecified", "::"),
        refused("IPv4 broadcast", "255.255.255.255"),
        refused("IPv4-mapped loopback", "::ffff:127.0.0.1"),
        refused("IPv4-mapped link-local", "::ffff:169.254.1.1"),
        refused("octal IPv4", "010.0.0.1"),
        refused("short IPv4", "10.1"),
        refused("host name", "localhost"),
        refused("empty string", ""),
        refused("blank", " "),
        refused("prefix too long", "10.10.0.9/33"),
        refused("loopback as a CIDR", "127.0.0.1/8"),
        refused("control characters", "10.0.0.1\\u0000\\n"),
        new Poison(
            "one loopback among good ones",
            TestPods.status("NETWORK", "127.0.0.1", "10.10.0.9", "::1", "fd00::9"),
            Set.of("10.10.0.9", "fd00::9"),
            NAMED),
        harmless(
            "CIDR",
            TestPods.status("NETWORK", "10.10.0.9/24", "fd00::9/64"),
            "10.10.0.9",
            "fd00::9"),
        harmless(
            "non-canonical IPv6",
            TestPods.status("NETWORK", "FD00:0:0::0009", "fd00::9"),
            "fd00::9"),
        harmless("IPv4-mapped IPv6", TestPods.status("NETWORK", "::ffff:10.10.0.9"), "10.10.0.9"),
        new Poison(
            "good pod's own address",
            TestPods.status("NETWORK", "10.10.0.1"),
            Set.of("10.10.0.1"),
            // Of two pods of the same second either may have it.
            ": 10.10.0.1 is published for pod "),
        wrong("empty annotation", ""),
        wrong("no entry", "[]"),
        wrong("no addresses", entry("\"ips\":[]")),
        wrong("addresses null", entry("\"ips\":null")),
        wrong("no JSON", "["),
        wrong("no list", "{}"),
        wrong("null", "null"),
        wrong("text", "\"10.10.0.9\""),
        wrong("list of lists", "[[]]"),
        wrong("list of null", "[null]"),
        wrong("name a number", "[{\"name\":7}]"),
        wrong("name an object", "[{\"name\":{}}]"),
        wrong("name with two slashes", "[{\"name\":\"a/b/c\"}]"),
        wrong("interface a list", entry("\"interface\":[],\"ips\":[\"10.10.0.9\"]")),
        wrong("default a string", entry("\"default\":\"no\",\"ips\":[\"10.10.0.9\"]")),
        wrong("addresses an object", entry("\"ips\":{}")),
        wrong("addresses a string", entry("\"ips\":\"10.10.0.9\"")),
        wrong("addresses numbers and lists", entry("\"ips\":[7,[\"10.10.0.9\"],{},null,true]")),
        wrong("two documents", "[][]"),
        wrong("half a surrogate", "[{\"name\":\"\\ud800\",\"ips\":{}}]"),
        wrong("250 KiB of nesting", "[".repeat(250 * 1024)),
        wrong(
            "nesting in an unknown field",
            entry("\"x\":" + "[".repeat(100_000) + "]".repeat(100_000))),
        wrong("a number of 250 KiB", entry("\"ips\":[" + "9".repeat(250 * 1024) + "]")),
        wrong("a string of 250 KiB", entry("\"ips\":[\"" + "1".repeat(250 * 1024) + "\"]")),
        harmless("one address 40,000 times", manyShort, "::2"));
  }

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("poison");
    pods = new TestPods(cluster.client(), namespace);
  }

  @ParameterizedTest
  @MethodSource("poisons")
  void badAnnotationNeitherDelaysNorChangesTheOthers(Poison poison) {
    try (Neighbours neighbours = new Neighbours()) {
      neighbours.poison(poison.annotation().replace("NETWORK", namespace + "/core"));
      neighbours.awaitBesideGoodOnes(poison.published());
      if (poison.told().isEmpty()) {
        assertEquals("", neighbours.published.condition("Degraded"));
      } else {
        Await.until(
            "Degraded tells of the pod",
            () -> neighbours.published.condition("Degraded").contains(poison.told()));
      }
      assertTrue(cluster.syncer().isAlive());
    }
  }

  @Test
  void asManyAddressesAsAnAnnotationHoldsNeitherDelayNorChangeTheOthers() {
    String start = "[{\"name\":\"" + namespace + "/core\",\"ips\":[\"10.10.0.9\"";
    String addresses =
        IntStream.range(0, 100_000)
            .mapToObj(
                i ->
                    ",\"fd00:"
                        + Integer.toHexString(i >> 16)
                        + "::"
                        + Integer.toHexString(i & 0xffff)
                        + '"')
            .collect(Collectors.joining());
    String fitting = addresses.substring(0, ROOM - start.length() - 2);
    fitting = fitting.substring(0, fitting.lastIndexOf(','));
    try (Neighbours neighbours = new Neighbours()) {
      neighbours.poison(start + fitting + "]}]");
      Await.until(
          "Degraded names the pod",
          () -> neighbours.published.condition("Degraded").contains("pod bad: "));
      pods.ready("late", "db", namespace + "/core", "10.10.0.2");
      Await.until(
          "the late pod is published",
          () ->
              neighbours
                  .published
                  .inSlices()
                  .containsAll(Set.of("10.10.0.1 ready", "10.10.0.2 ready", "10.10.0.9 ready")));
      int published = neighbours.published.inSlices().size();
      assertTrue(published < 1000, "one pod alone fills Endpoints: " + published);
      assertEquals(List.of(), neighbours.history.lost());
    }
  }

  @Test
  void allOfThemTogetherNeitherDelayNorChangeTheOthers() {
    try (Neighbours neighbours = new Neighbours()) {
      int number = 0;
      for (Poison poison : poisons().toList()) {
        String name = "bad-" + number++;
        pods.create(name, "db");
        pods.annotate(
            name, TestPods.STATUS, poison.annotation().replace("NETWORK", namespace + "/core"));
        pods.ready(name, true);
      }
      neighbours.awaitBesideGoodOnes(Set.of("10.10.0.9", "fd00::9", "::2"));
      Await.until(
          "Degraded says how many",
          () -> neighbours.published.condition("Degraded").matches("pod bad-.* and [0-9]+ more"));
    }
  }

  /** A good pod that is published already, and room for a bad one. */
  private final class Neighbours implements AutoCloseable {
    final Published published;
    final SliceHistory history;

    Neighbours() {
      pods.ready("good", "db", namespace + "/core", "10.10.0.1", "fd00::1");
      cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}");
      published = new Published(cluster.client(), namespace, "db");
      published.await("10.10.0.1 ready", "fd00::1 ready");
      history = new SliceHistory(cluster.client(), namespace, "db");
      Await.until(
          "the watch shows both", () -> history.shows("10.10.0.1") && history.shows("fd00::1"));
    }

    void poison(String annotation) {
      pods.create("bad", "db");
      pods.annotate("bad", TestPods.STATUS, annotation);
      pods.ready("bad", true);
    }

    /** Another good pod comes, after all this. */
    void awaitBesideGoodOnes(Set<String> others) {
      pods.ready("late", "db", namespace + "/core", "10.10.0.2");
      Set<String> expected = new TreeSet<>(Set.of("10.10.0.1", "10.10.0.2", "fd00::1"));
      expected.addAll(others);
      published.await(expected.stream().map(each -> each + " ready").toArray(String[]::new));
      assertEquals(List.of(), history.lost());
      assertEquals("Published", published.status().split(" ", 2)[0]);
    }

    @Override
    public void close() {
      history.close();
    }
  }
}
