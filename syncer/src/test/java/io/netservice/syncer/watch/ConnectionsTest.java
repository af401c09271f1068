package io.netservice.syncer.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.syncer.http.Answer;
import io.netservice.syncer.http.ApiServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a server that speaks HTTP/1.1 alone; the API server itself is for *IT. */
class ConnectionsTest {

  private static final String PASSWORD = "secret";

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

  private static final class Told implements Answer {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void begin(int code, String retryAfter) {
      events.add("code " + code);
    }

    @Override
    public void bytes(ByteBuffer bytes) {
      byte[] some = new byte[bytes.remaining()];
      bytes.get(some);
      events.add(new String(some, UTF_8).trim());
    }

    @Override
    public void end() {
      events.add("end");
    }

    @Override
    public void broken(Exception why) {
      last = why;
      events.add("broken");
    }

    volatile Exception last;

    String next() throws InterruptedException {
      return events.poll(30, TimeUnit.SECONDS);
    }
  }

  private void connect(Duration beat) throws Exception {
    KeyStore store = keyStore();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    server = new AnswersByHand(tls);
    Config config =
        new ConfigBuilder()
            .withAutoConfigure(false)
            .withMasterUrl(server.url())
            .withCaCertData(
                Base64.getEncoder()
                    .encodeToString(
                        ("-----BEGIN CERTIFICATE-----\n"
                                + Base64.getMimeEncoder()
                                    .encodeToString(store.getCertificate("server").getEncoded())
                                + "\n-----END CERTIFICATE-----\n")
                            .getBytes(US_ASCII)))
            .build();
    connections = new Connections(new ApiServer(config), timer, beat);
  }

  /** Made by the JDK's own tool: Java has no public way to make a certificate. */
  private KeyStore keyStore() throws Exception {
    Path file = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new AssertionError(said, e);
    }
    return store;
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
    findOutThatNothingIsShared();
    connections.lease(lost::add).get("/second", "application/json", new Told());
    String why = lost.poll(30, TimeUnit.SECONDS);
    assertTrue(why.contains("no answer within"), why);
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
    assertEquals("/version", asked.path());
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
