package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.http.ApiServer;
import io.netservice.syncer.watch.AnswersByHand.Asked;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a watch when the API server does not simply go on telling. */
class CollectionWatchTest {

  private final Hurried timer = new Hurried();
  private final Kept kept = new Kept();
  private AnswersByHand server;
  private Connections connections;
  private CollectionWatch<String> watch;

  @BeforeEach
  void start() throws IOException {
    server = new AnswersByHand();
    var config = new ConfigBuilder().withAutoConfigure(false).withMasterUrl(server.url()).build();
    connections = new Connections(new ApiServer(config), timer, Duration.ofHours(1));
    watch =
        new CollectionWatch<>(
                connections,
                timer,
                new CollectionWatch.Collection("/api/v1/nodes", "app in (a, b)"),
                new JsonFormat<>(new Zones(name -> {}), JsonFormat.Content.ALL),
                kept)
            .start();
  }

  @AfterEach
  void stop() {
    watch.close();
    connections.close();
    timer.shutdownNow();
    server.close();
  }

  /** Runs at once what is to run later, and keeps how much later that would have been. */
  private static final class Hurried extends ScheduledThreadPoolExecutor {
    final BlockingQueue<Long> delays = new LinkedBlockingQueue<>();

    Hurried() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      delays.add(unit.toMillis(delay));
      return super.schedule(task, 0, unit);
    }

    long nextDelay() throws InterruptedException {
      Long delay = delays.poll(30, TimeUnit.SECONDS);
      if (delay == null) {
        throw new AssertionError("nothing is to run later");
      }
      return delay;
    }
  }

  /** Keeps objects by the rules of a sink, and what it was told. */
  private static final class Kept implements Item.Sink<String> {
    private final Map<String, String> objects = new TreeMap<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private boolean mayBeUnavailable;

    @Override
    public synchronized void begin() {
      told.add("begin");
    }

    @Override
    public synchronized void put(String key, String object) {
      objects.put(key, object);
      told.add("put " + key);
    }

    @Override
    public synchronized void remove(String key, String object) {
      objects.remove(key);
      told.add("remove " + key);
    }

    @Override
    public synchronized void complete(Set<String> keys, String resourceVersion) {
      objects.keySet().retainAll(keys);
      told.add("complete " + new TreeSet<>(keys) + " at " + resourceVersion);
    }

    @Override
    public synchronized boolean unavailable(int code) {
      told.add("unavailable " + code);
      return mayBeUnavailable;
    }

    synchronized Map<String, String> objects() {
      return Map.copyOf(objects);
    }

    /** Waits until these have been told, in this order and nothing else between. */
    void awaitTold(String... expected) throws InterruptedException {
      for (String each : expected) {
        assertEquals(each, told.poll(30, TimeUnit.SECONDS));
      }
    }
  }

  private static String node(String name, String zone, int version) {
    return ("{\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%d\","
            + "\"labels\":{\"topology.kubernetes.io/zone\":\"%s\"}}}")
        .formatted(name, version, zone);
  }

  private static String event(String type, String object) {
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
  }

  private static String added(String name, String zone, int version) {
    return event("ADDED", node(name, zone, version));
  }

  private static String bookmark(int version) {
    return event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}");
  }

  private static String initialEnd(int version) {
    return event(
        "BOOKMARK",
        "{\"metadata\":{\"resourceVersion\":\""
            + version
            + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}");
  }

  private static String status(int code) {
    return "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no\",\"code\":" + code + "}";
  }

  private static String page(String next, int version, String... items) {
    return "{\"metadata\":{\"resourceVersion\":\"%d\",\"continue\":\"%s\"},\"items\":[%s]}"
        .formatted(version, next, String.join(",", items));
  }

  /** The next request, which must be for all there is. */
  private Asked askedForAll() throws InterruptedException {
    Asked asked = server.next();
    assertEquals("/api/v1/nodes", asked.path());
    assertEquals("app in (a, b)", asked.parameter("labelSelector"));
    assertEquals("true", asked.parameter("watch"));
    assertEquals("true", asked.parameter("sendInitialEvents"));
    assertEquals("NotOlderThan", asked.parameter("resourceVersionMatch"));
    assertEquals("true", asked.parameter("allowWatchBookmarks"));
    assertEquals("", asked.parameter("resourceVersion"));
    return asked;
  }

  /** The next request, which must be for the changes since {@code version}. */
  private Asked askedForChangesSince(int version) throws InterruptedException {
    Asked asked = server.next();
    assertEquals("app in (a, b)", asked.parameter("labelSelector"));
    assertEquals("true", asked.parameter("watch"));
    assertEquals("", asked.parameter("sendInitialEvents"));
    assertEquals("true", asked.parameter("allowWatchBookmarks"));
    assertEquals(Integer.toString(version), asked.parameter("resourceVersion"));
    return asked;
  }

  /** The next request, which must be for a page. */
  private Asked askedForPage(String next) throws InterruptedException {
    Asked asked = server.next();
    assertEquals("app in (a, b)", asked.parameter("labelSelector"));
    assertEquals("", asked.parameter("watch"));
    assertEquals("100", asked.parameter("limit"));
    assertEquals(next, asked.parameter("continue"));
    return asked;
  }

  /** A stream over which node {@code a} and {@code b} were told, complete at version 5. */
  private Asked streamWithTwoNodes() throws InterruptedException {
    Asked stream = askedForAll();
    stream.lines(added("a", "x", 3), added("b", "x", 4), initialEnd(5));
    kept.awaitTold("begin", "put a", "put b", "complete [a, b] at 5");
    return stream;
  }

  @Test
  void streamThatEndsGoesOnBehindTheLastChange() throws Exception {
    Asked stream = streamWithTwoNodes();
    stream.lines(event("MODIFIED", node("a", "y", 7)));
    kept.awaitTold("put a");
    stream.end();
    assertEquals(0, timer.nextDelay());
    stream = askedForChangesSince(7);
    stream.lines(event("DELETED", node("b", "x", 8)));
    kept.awaitTold("remove b");
    assertEquals(Map.of("a", "y"), kept.objects());
    stream.end();
    askedForChangesSince(8);
  }

  @Test
  void streamThatEndsGoesOnBehindTheLastBookmark() throws Exception {
    Asked stream = streamWithTwoNodes();
    stream.lines(bookmark(5000));
    stream.end();
    askedForChangesSince(5000).lines(added("c", "x", 5001));
    kept.awaitTold("put c");
  }

  @Test
  void lineThatIsNoEventCostsNoChange() throws Exception {
    Asked stream = streamWithTwoNodes();
    stream.lines(added("c", "x", 6), "<html>", added("d", "x", 7));
    kept.awaitTold("put c");
    askedForChangesSince(6).lines(added("d", "x", 7));
    kept.awaitTold("put d");
  }

  @Test
  void otherErrorOfTheStreamGoesOnWhereItWas() throws Exception {
    streamWithTwoNodes().lines(event("ERROR", status(500)));
    askedForChangesSince(5);
  }

  private static double restarts(String reason) {
    Double count =
        CollectorRegistry.defaultRegistry.getSampleValue(
            "netservice_syncer_watch_restarts_total",
            new String[] {"resource", "reason"},
            new String[] {"nodes", reason});
    return count == null ? 0 : count;
  }

  @Test
  void eachEndIsCountedByItsReason() throws Exception {
    List<String> reasons = List.of("ended", "refused", "broken", "outdated");
    List<Double> before = reasons.stream().map(CollectionWatchTest::restarts).toList();
    streamWithTwoNodes().end();
    askedForChangesSince(5).answer(500, "no");
    askedForChangesSince(5).lines("<html>");
    askedForChangesSince(5).lines(event("ERROR", status(410)));
    askedForAll();
    for (int i = 0; i < reasons.size(); i++) {
      assertEquals(before.get(i) + 1, restarts(reasons.get(i)), reasons.get(i));
    }
  }

  private enum Gone {
    EVENT,
    ANSWER
  }

  @ParameterizedTest
  @EnumSource
  void whatVanishedBehindAVersionThatIsTooOldGoesAndNothingElse(Gone how) throws Exception {
    Asked stream = streamWithTwoNodes();
    if (how == Gone.EVENT) {
      stream.lines(event("ERROR", status(410)));
    } else {
      stream.end();
      askedForChangesSince(5).answer(410, status(410));
    }
    stream = askedForAll();
    stream.lines(added("b", "y", 8), added("c", "x", 9));
    kept.awaitTold("begin", "put b", "put c");
    assertEquals(Map.of("a", "x", "b", "y", "c", "x"), kept.objects(), "before all is told");
    assertTrue(watch.inStep());
    stream.lines(initialEnd(10));
    kept.awaitTold("complete [b, c] at 10");
    assertEquals(Map.of("b", "y", "c", "x"), kept.objects());
    stream.end();
    askedForChangesSince(10);
  }

  @Test
  void beginningThatBreaksOffIsMadeAnew() throws Exception {
    Asked stream = askedForAll();
    stream.lines(added("a", "x", 3));
    kept.awaitTold("begin", "put a");
    assertFalse(watch.inStep());
    stream.end();
    stream = askedForAll();
    stream.lines(added("b", "x", 4), initialEnd(5));
    kept.awaitTold("begin", "put b", "complete [b] at 5");
    assertEquals(Map.of("b", "x"), kept.objects(), "a was deleted meanwhile");
    // The sink is told a moment before.
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          while (!watch.inStep()) {
            Thread.onSpinWait();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void collectionThatMayBeUnavailableIsAskedForNowAndThen(int code) throws Exception {
    kept.mayBeUnavailable = true;
    askedForAll().answer(code, "none of that kind");
    kept.awaitTold("begin", "unavailable " + code);
    assertEquals(10_000, timer.nextDelay());
    Asked stream = streamWithTwoNodes();
    assertTrue(watch.inStep());
    stream.end();
    askedForChangesSince(5).answer(code, "no longer");
    kept.awaitTold("unavailable " + code);
    stream = askedForAll();
    assertTrue(watch.inStep(), "there is nothing to be told of");
    stream.lines(added("b", "x", 9), initialEnd(10));
    kept.awaitTold("begin", "put b", "complete [b] at 10");
  }

  @Test
  void collectionThatMustBeThereIsAskedForLikeAfterAnyOtherError() throws Exception {
    askedForAll().answer(404, "none of that kind");
    kept.awaitTold("begin", "unavailable 404");
    assertEquals(0, timer.nextDelay());
    askedForAll();
    assertFalse(watch.inStep());
  }

  @Test
  void whatIsDeletedDuringTheBeginningIsNotAmongAll() throws Exception {
    Asked stream = askedForAll();
    stream.lines(
        added("a", "x", 3),
        added("b", "x", 4),
        event("DELETED", node("a", "x", 6)),
        bookmark(6),
        initialEnd(7));
    kept.awaitTold("begin", "put a", "put b", "remove a", "complete [b] at 7");
  }

  @Test
  void whereListsAreNotStreamedPagesAreRead() throws Exception {
    askedForAll().answer(422, status(422));
    askedForPage("").answer(200, page("next&1", 20, node("a", "x", 3), node("b", "x", 4)));
    kept.awaitTold("begin", "begin", "put a", "put b");
    assertFalse(watch.inStep());
    askedForPage("next&1").answer(200, page("", 20, node("c", "x", 5)));
    kept.awaitTold("put c", "complete [a, b, c] at 20");
    Asked stream = askedForChangesSince(20);
    stream.lines(event("DELETED", node("a", "x", 21)), event("ERROR", status(410)));
    kept.awaitTold("remove a");

    // It does not ask for a streamed list once more.
    askedForPage("").answer(200, page("", 30, node("c", "x", 5)));
    kept.awaitTold("begin", "put c", "complete [c] at 30");
    assertEquals(Map.of("c", "x"), kept.objects());
    askedForChangesSince(30);
  }

  @Test
  void pagesThatGrowTooOldAreReadFromTheFirst() throws Exception {
    askedForAll().answer(422, status(422));
    askedForPage("").answer(200, page("next", 20, node("a", "x", 3)));
    askedForPage("next").answer(410, status(410));
    askedForPage("").answer(200, page("", 40, node("b", "x", 30)));
    kept.awaitTold("begin", "begin", "put a", "begin", "put b", "complete [b] at 40");
    askedForChangesSince(40);
  }

  @Test
  void refusalThatNamesATimeIsNotFollowedByARequestBefore() throws Exception {
    askedForAll().answer(429, status(429), "Retry-After", "17");
    assertEquals(17_000, timer.nextDelay());
    askedForAll().answer(429, status(429), "Retry-After", "3");
    assertEquals(3_000, timer.nextDelay());
    askedForAll();
  }

  @Test
  void refusalForAnHourIsNotBelieved() throws Exception {
    askedForAll().answer(429, status(429), "Retry-After", "3600");
    assertEquals(60_000, timer.nextDelay());
    askedForAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"})
  void refusalWithoutATimeIsAskedAgainSoon(String after) throws Exception {
    askedForAll().answer(429, status(429), "Retry-After", after);
    assertEquals(0, timer.nextDelay());
    askedForAll();
  }

  @Test
  void failuresInARowAreAskedAgainLaterAndLaterUpToABound() throws Exception {
    long most = 0;
    for (int failure = 0; failure < 12; failure++) {
      askedForAll().answer(503, status(503));
      long delay = timer.nextDelay();
      assertTrue(delay >= most / 2 && delay <= most, failure + ": " + delay + " of " + most);
      most = most == 0 ? 50 : Math.min(3_000, 2 * most);
    }
  }

  /**
   * As after an API server that was away for a while, and restarted with a history that begins
   * later.
   */
  @Test
  void allIsAskedForAtOnceWhenAVersionIsTooOldHoweverMuchHasFailedBefore() throws Exception {
    streamWithTwoNodes().end();
    timer.nextDelay();
    for (int failure = 0; failure < 8; failure++) {
      askedForChangesSince(5).answer(503, status(503));
      timer.nextDelay();
    }
    askedForChangesSince(5).answer(410, status(410));
    assertEquals(0, timer.nextDelay());
    Asked again = askedForAll();
    again.lines(added("a", "x", 3), initialEnd(6));
    kept.awaitTold("begin", "put a", "complete [a] at 6");
    again.lines(event("ERROR", status(410)));
    assertTrue(timer.nextDelay() > 0, "not again and again");
    askedForAll();
  }

  @Test
  void allIsToldAnewOnDemand() throws Exception {
    streamWithTwoNodes();
    watch.restart();
    Asked stream = askedForAll();
    stream.lines(added("a", "x", 3));
    kept.awaitTold("begin", "put a");
    // Once more while it is being told: whoever came now has not seen the first ones.
    watch.restart();
    stream.lines(initialEnd(6));
    kept.awaitTold("complete [a] at 6");
    stream = askedForAll();
    stream.lines(added("a", "x", 3), initialEnd(6));
    kept.awaitTold("begin", "put a", "complete [a] at 6");
  }

  @Test
  void closedWatchAsksNoMore() throws Exception {
    streamWithTwoNodes();
    watch.close();
    assertEquals(List.of(), List.copyOf(timer.delays));
  }
}
