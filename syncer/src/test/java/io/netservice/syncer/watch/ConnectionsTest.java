package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.http.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a server that speaks HTTP/1.1 alone; the API server itself is for *IT. */
class ConnectionsTest {

  @TempDir Path folder;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
  private final Told told = new Told();
  private AnswersByHand server;
  private Connections connections;

  @AfterEach
  void stop() {
    connections.close();
    timer.shutdownNow();
    server.close();
  }

  private void connect(Duration beat) throws Exception {
    Identity identity = Identity.make(folder);
    server = new AnswersByHand(identity.tls());
    Config config =
        new ConfigBuilder()
            .withAutoConfigure(false)
            .withMasterUrl(server.url())
            .withCaCertData(identity.authority())
            .build();
    connections = new Connections(new ApiServer(config), timer, beat);
  }

  /** Gives why the first connection was given up. */
  private String findOutThatNothingIsShared() throws InterruptedException {
    Connections.Lease lease = connections.lease(lost::add);
    lease.get("/first", "application/json", told);
    // Broken for want of HTTP/2 by the answer or, given up first, with the connection.
    assertEquals("broken", told.next());
    lease.broken(told.last);
    return lost.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void serverThatDoesNotShareConnectionsIsAskedOverOneForEachAnswer() throws Exception {
    connect(Duration.ofHours(1));
    assertTrue(connections.areShared(), "until it is known better");
    String why = findOutThatNothingIsShared();
    assertFalse(connections.areShared(), () -> told.last.toString());
    assertTrue(why.contains("HTTP/2"), why);

    Connections.Lease lease = connections.lease(lost::add);
    lease.get("/second", "application/json", told);
    AnswersByHand.Asked second = server.next();
    assertEquals("/second", second.path());
    second.lines("a");
    assertEquals("code 200", told.next());
    assertEquals("a", told.next());
    // While one goes on, another is answered.
    Told other = new Told();
    lease.get("/third", "application/json", other);
    server.next().answer(404, "no");
    assertEquals("code 404", other.next());
    assertEquals("no", other.next());
    assertEquals("end", other.next());
    second.end();
    assertEquals("end", told.next());
  }

  @Test
  void answerThatIsNoLongerWantedIsTakenNoMore() throws Exception {
    connect(Duration.ofHours(1));
    findOutThatNothingIsShared();
    Connections.Lease lease = connections.lease(lost::add);
    var asked = lease.get("/second", "application/json", told);
    AnswersByHand.Asked second = server.next();
    second.lines("a");
    assertEquals("code 200", told.next());
    assertEquals("a", told.next());
    asked.cancel();
    asked.cancel();
    Told other = new Told();
    lease.get("/third", "application/json", other);
    server.next().answer(200, "b");
    assertEquals("code 200", other.next());
    assertEquals(0, told.events.size());
  }

  @Test
  void serverThatIsSilentLosesItsConnection() throws Exception {
    connect(Duration.ofMillis(100));
    CountDownLatch silence = new CountDownLatch(1);
    connections.onDoubt(grace -> silence.countDown());
    findOutThatNothingIsShared();
    connections.lease(lost::add).get("/second", "application/json", new Told());
    String why = lost.poll(30, TimeUnit.SECONDS);
    assertTrue(why.contains("no answer within"), why);
    assertTrue(silence.await(30, TimeUnit.SECONDS), "the silence is told");
  }

  @Test
  void connectionsAreConfirmedByAnAnswerAndGivenUpWithoutOne() throws Exception {
    server = new AnswersByHand();
    Config config =
        new ConfigBuilder().withAutoConfigure(false).withMasterUrl(server.url()).build();
    connections = new Connections(new ApiServer(config), timer, Duration.ofHours(1));
    var unused = connections.lease(lost::add);
    CompletableFuture<Boolean> confirmed = confirm(Duration.ofSeconds(30));
    AnswersByHand.Asked asked = server.next();
    assertEquals("/livez", asked.path());
    asked.answer(403, "");
    assertEquals(true, confirmed.get(30, TimeUnit.SECONDS));
    assertEquals(0, lost.size());

    confirmed = confirm(Duration.ofMillis(50));
    assertEquals(false, confirmed.get(30, TimeUnit.SECONDS));
    assertEquals(
        "its connection was given up: no answer within 50 ms", lost.poll(30, TimeUnit.SECONDS));
  }

  private CompletableFuture<Boolean> confirm(Duration within) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return connections.confirm(within);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
