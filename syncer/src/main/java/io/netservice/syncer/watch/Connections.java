package io.netservice.syncer.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that watches share, each carrying a bounded number of them: the API server allows
 * 250 streams on an HTTP/2 connection, and the client stops without an error when they are used up.
 *
 * <p>A connection over which no answer comes to a small request is given up and its watches are
 * told: a peer that vanished without a word would otherwise be noticed by nobody. May be used from
 * any thread.
 */
public final class Connections implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  static final int STREAMS = 100;

  private final Supplier<KubernetesClient> newClient;
  private final long beatMillis;
  private final List<Connection> open = new ArrayList<>();
  private boolean closed;

  /**
   * No connections yet.
   *
   * @param newClient makes a client with a connection of its own; closed with this object
   * @param timer checks the connections; owned by the caller
   * @param beat how often a connection is checked, and how long it may take to answer
   */
  public Connections(
      Supplier<KubernetesClient> newClient, ScheduledExecutorService timer, Duration beat) {
    this.newClient = newClient;
    this.beatMillis = beat.toMillis();
    var unused =
        timer.scheduleWithFixedDelay(this::check, beatMillis, beatMillis, TimeUnit.MILLISECONDS);
  }

  /** A place on a connection for one stream. */
  final class Lease {
    private final Connection connection;
    private final Consumer<String> lost;

    private Lease(Connection connection, Consumer<String> lost) {
      this.connection = connection;
      this.lost = lost;
    }

    HttpClient http() {
      return connection.client.getHttpClient();
    }

    /** The address of {@code path}, which begins with a slash. */
    URI uri(String path) {
      return connection.uri(path);
    }

    /** Gives the place back; more than once does no harm. */
    void release() {
      synchronized (Connections.this) {
        connection.leases.remove(this);
      }
    }
  }

  private static final class Connection {
    final KubernetesClient client;
    final Set<Lease> leases = new HashSet<>();

    Connection(KubernetesClient client) {
      this.client = client;
    }

    URI uri(String path) {
      String master = client.getConfiguration().getMasterUrl();
      return URI.create(
          (master.endsWith("/") ? master.substring(0, master.length() - 1) : master) + path);
    }
  }

  /**
   * A place for one stream.
   *
   * @param lost is told why when the connection is given up, from the timer's thread
   */
  synchronized Lease lease(Consumer<String> lost) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    Connection connection =
        open.stream().filter(each -> each.leases.size() < STREAMS).findFirst().orElse(null);
    if (connection == null) {
      connection = new Connection(newClient.get());
      open.add(connection);
    }
    Lease lease = new Lease(connection, lost);
    connection.leases.add(lease);
    return lease;
  }

  /** How many connections there are. */
  synchronized int size() {
    return open.size();
  }

  private void check() {
    List<Connection> all;
    synchronized (this) {
      all = List.copyOf(open);
    }
    for (Connection connection : all) {
      HttpClient http = connection.client.getHttpClient();
      var unused =
          http.sendAsync(
                  http.newHttpRequestBuilder()
                      .uri(connection.uri("/version"))
                      .timeout(beatMillis, TimeUnit.MILLISECONDS)
                      .build(),
                  byte[].class)
              .whenComplete(
                  (answer, failure) -> {
                    // Any answer is a sign of life, a refusal too.
                    if (failure != null) {
                      giveUp(connection, failure);
                    }
                  });
    }
  }

  private void giveUp(Connection connection, Throwable failure) {
    List<Lease> leases;
    synchronized (this) {
      if (!open.remove(connection) || closed) {
        return;
      }
      leases = List.copyOf(connection.leases);
      connection.leases.clear();
    }
    String why = "no answer on its connection: " + failure.getMessage();
    log.warn(
        "the API server does not answer, {} watches connect anew: {}",
        leases.size(),
        failure.getMessage());
    leases.forEach(lease -> lease.lost.accept(why));
    connection.client.close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.forEach(connection -> connection.client.close());
    open.clear();
  }
}
