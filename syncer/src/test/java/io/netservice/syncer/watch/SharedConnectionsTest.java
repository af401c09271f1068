package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.http.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.ListenerEndpoint;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a server that speaks HTTP/2, as the API server does. */
class SharedConnectionsTest {

  @TempDir Path folder;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
  private final Told told = new Told();
  private Identity identity;
  private HttpAsyncServer server;
  private int port;
  private ApiServer apiServer;
  private Connections connections;

  @BeforeEach
  void start() throws Exception {
    identity = Identity.make(folder);
    listen();
    apiServer =
        new ApiServer(
            new ConfigBuilder()
                .withAutoConfigure(false)
                .withMasterUrl("https://127.0.0.1:" + port)
                .withCaCertData(identity.authority())
                .build());
    connect(Duration.ofHours(1));
  }

  /** On the port it had before, if it had one. */
  private void listen() throws Exception {
    server =
        H2ServerBootstrap.bootstrap()
            .setTlsStrategy(new H2ServerTlsStrategy(identity.tls()))
            .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
            .setRequestRouter((request, context) -> null)
            // Its port is taken over while connections of it are still being taken apart.
            .setIOReactorConfig(IOReactorConfig.custom().setSoReuseAddress(true).build())
            .create();
    server.start();
    ListenerEndpoint endpoint =
        server
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), URIScheme.HTTPS)
            .get(30, TimeUnit.SECONDS);
    port = ((InetSocketAddress) endpoint.getAddress()).getPort();
  }

  private void connect(Duration beat) {
    connections = new Connections(apiServer, timer, beat);
  }

  @AfterEach
  void stop() {
    connections.close();
    server.close(CloseMode.IMMEDIATE);
    timer.shutdownNow();
  }

  /** As by a load balancer whose API server is just being started. */
  @Test
  void connectionThatIsCutWhileItIsMadeSafeIsNoRefusalToShare() throws Exception {
    server.close(CloseMode.IMMEDIATE);
    server.awaitShutdown(TimeValue.ofSeconds(30));
    Connections.Lease lease = connections.lease(lost::add);
    try (ServerSocket cutting = new ServerSocket(port, 8, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> cut =
          CompletableFuture.runAsync(
              () -> {
                try (Socket client = cutting.accept()) {
                  // It has begun to say hello.
                  assertTrue(client.getInputStream().read() >= 0);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      lease.get("/first", "application/json", told);
      assertEquals("broken", told.next());
      lease.broken(told.last);
      cut.get(30, TimeUnit.SECONDS);
    }
    assertTrue(connections.areShared(), () -> told.last.toString());
    listen();
    lease.get("/second", "application/json", told);
    assertTrue(told.next().startsWith("code 4"));
    assertEquals(0, lost.size());
  }

  @Test
  void connectionThatTheServerClosesCarriesOnWhatItCarriesAndNothingNew() throws Exception {
    askOnce();
    server.initiateShutdown();
    awaitConnections(2);
    assertEquals(0, lost.size());
  }

  @Test
  void whatIsCarriedByAConnectionThatTheServerClosesConnectsAnewABeatLater() throws Exception {
    connections.close();
    Duration beat = Duration.ofMillis(200);
    connect(beat);
    BlockingQueue<Duration> doubts = new LinkedBlockingQueue<>();
    connections.onDoubt(doubts::add);
    askOnce();
    server.initiateShutdown();
    String why = lost.poll(30, TimeUnit.SECONDS);
    assertTrue(why.contains("the API server closes it"), why);
    // It would have told when the other end vanishes, and can't any more.
    assertEquals(beat, doubts.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void connectionThatNobodyNeedsIsClosed() throws Exception {
    connections.close();
    connect(Duration.ofMillis(50));
    Connections.Lease lease = askOnce();
    assertEquals(1, connections.size());
    lease.release();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (connections.size() > 0) {
      assertTrue(System.nanoTime() < end, "it is still there");
      Thread.sleep(10);
    }
    assertEquals(0, lost.size());
  }

  /** A place on the first connection, of which it is known that it works. */
  private Connections.Lease askOnce() throws InterruptedException {
    Connections.Lease lease = connections.lease(lost::add);
    lease.get("/first", "application/json", told);
    assertTrue(told.next().startsWith("code 4"));
    told.awaitEnd();
    return lease;
  }

  private void awaitConnections(int count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      connections.lease(lost::add).release();
      if (connections.size() == count) {
        return;
      }
      assertTrue(System.nanoTime() < end, connections.size() + " connections");
      Thread.sleep(10);
    }
  }
}
