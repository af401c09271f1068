package io.netservice.syncer.watch;

import io.netservice.http.ApiServer;
import io.netservice.syncer.http.Answer;
import io.netservice.syncer.http.AnswerConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that watches share, each carrying a bounded number of them: the API server allows
 * 250 streams on an HTTP/2 connection, and the client stops without an error when they are used up.
 *
 * <p>A connection over which no answer comes to a small request is given up and its watches are
 * told: a peer that vanished without a word would otherwise be noticed by nobody. One that the API
 * server wants to close gets nothing new and is given up a beat later; what it carries goes on
 * until then. May be used from any thread.
 */
public final class Connections implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  /** With the question for a sign of life no more than a server allows that keeps to RFC 9113. */
  static final int STREAMS = 99;

  /**
   * Needs no rights beyond those of everybody who is authenticated, waits in no queue of requests,
   * and asks nobody else.
   */
  static final String SIGN_OF_LIFE = "/livez?exclude=etcd";

  /** A connection is not used longer than so many beats without a sign of life. */
  private static final int PATIENCE = 3;

  /** A check that comes after so many beats judges nobody. */
  private static final double LATE = 1.5;

  private static final String CLOSED_THERE = "the API server closes it";

  /** On a connection of its own a watch is silent between two bookmarks, which come each minute. */
  private static final Duration BOOKMARKS = Duration.ofSeconds(100);

  private final ApiServer server;
  private final ScheduledExecutorService timer;
  private final Duration beat;
  private final List<Connection> open = new ArrayList<>();
  private boolean shared;

  private volatile Consumer<Duration> doubtTask = grace -> {};
  private boolean closed;

  /** When connections were checked last, by {@link System#nanoTime}; used by the timer alone. */
  private long checkedAt = System.nanoTime();

  /**
   * No connections yet.
   *
   * @param timer checks the connections; owned by the caller
   * @param beat how often a connection is checked, and how long it may take to answer
   */
  public Connections(ApiServer server, ScheduledExecutorService timer, Duration beat) {
    this.server = server;
    this.timer = timer;
    this.beat = beat;
    this.shared = server.isSecure();
    var unused =
        timer.scheduleWithFixedDelay(
            this::check, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Has {@code task} run, by the timer, whenever a connection is given up that can't tell whether
   * the way to the API server is still open: it was silent, or is closed there and so can't be
   * asked any more. The task is told how long an answer over another connection of the same way is
   * still worth waiting for.
   */
  public void onDoubt(Consumer<Duration> task) {
    doubtTask = task;
  }

  /** A place on a connection for one stream. */
  final class Lease {
    private final Connection connection;
    private final Consumer<String> lost;

    private Lease(Connection connection, Consumer<String> lost) {
      this.connection = connection;
      this.lost = lost;
    }

    /** Asks for {@code path}, which begins with a slash. */
    AnswerConnection.Asked get(String path, String accept, Answer answer) {
      return connection.http.get(path, accept, answer);
    }

    /** A request was not answered, or not to the end. */
    void broken(Exception why) {
      if (AnswerConnection.isRefusalToShare(why)) {
        refusedToShare(connection);
      }
    }

    /** Gives the place back; more than once does no harm. */
    void release() {
      synchronized (Connections.this) {
        connection.leases.remove(this);
      }
    }
  }

  private final class Connection {
    final AnswerConnection http;
    final Set<Lease> leases = new HashSet<>();

    /** Nothing was answered since the last check. */
    volatile boolean silent;

    /** The API server wants to close it and answers nothing new. */
    volatile boolean leaving;

    /** It had nothing to carry at the last check; guarded by the outer object. */
    boolean wasIdle;

    Connection() {
      http =
          shared
              ? AnswerConnection.shared(server, beat.multipliedBy(PATIENCE), () -> leave(this))
              : AnswerConnection.unshared(server, BOOKMARKS);
    }

    /** A stream that ended here goes on there for a moment, and so counts. */
    boolean hasRoom() {
      return !leaving && (!http.isShared() || Math.max(leases.size(), http.open()) < STREAMS);
    }

    boolean isIdle() {
      return leases.isEmpty() && http.open() == 0;
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
    Connection connection = open.stream().filter(Connection::hasRoom).findFirst().orElse(null);
    if (connection == null) {
      connection = new Connection();
      open.add(connection);
    }
    Lease lease = new Lease(connection, lost);
    connection.leases.add(lease);
    return lease;
  }

  /** How many connections there are that streams share. */
  synchronized int size() {
    return open.size();
  }

  /** Whether streams share connections; known when the first has been answered. */
  synchronized boolean areShared() {
    return shared;
  }

  private void check() {
    long now = System.nanoTime();
    // A process that was stopped, or got no processor, has not read what was answered meanwhile.
    boolean late = now - checkedAt > LATE * beat.toNanos();
    checkedAt = now;
    for (Connection connection : toBeChecked()) {
      if (connection.silent && !late) {
        giveUp(connection, "no answer within " + beat.toMillis() + " ms");
        doubtTask.accept(Duration.ZERO);
      } else {
        connection.silent = true;
        connection.http.get(SIGN_OF_LIFE, "*/*", new Beat(connection, () -> {}));
      }
    }
  }

  /** Connections in use; those that were not for a beat are closed. */
  private synchronized List<Connection> toBeChecked() {
    List<Connection> unused = open.stream().filter(each -> each.isIdle() && each.wasIdle).toList();
    open.removeAll(unused);
    unused.forEach(each -> each.http.close());
    open.forEach(each -> each.wasIdle = each.isIdle());
    return open.stream().filter(each -> !each.leaving).toList();
  }

  /** Lets a connection carry what it carries for another beat, and nothing new. */
  private synchronized void leave(Connection connection) {
    if (connection.leaving) {
      return;
    }
    connection.leaving = true;
    inTime(
        () -> {
          giveUp(connection, CLOSED_THERE);
          doubtTask.accept(beat);
        },
        beat);
  }

  /**
   * Asks for a sign of life over every connection, and gives up those that give none in time: what
   * their watches have told may be old. Not to be called by the timer.
   *
   * @return whether each gave one
   */
  public boolean confirm(Duration within) throws InterruptedException {
    Map<Boolean, List<Connection>> byLeaving;
    synchronized (this) {
      byLeaving = open.stream().collect(Collectors.partitioningBy(each -> each.leaving));
    }
    byLeaving.get(true).forEach(each -> later(each, CLOSED_THERE));
    List<Connection> all = byLeaving.get(false);
    Set<Connection> silent = ConcurrentHashMap.newKeySet();
    silent.addAll(all);
    CountDownLatch signs = new CountDownLatch(all.size());
    for (Connection each : all) {
      Runnable alive =
          () -> {
            silent.remove(each);
            signs.countDown();
          };
      each.http.get(SIGN_OF_LIFE, "*/*", new Beat(each, alive));
    }
    boolean allAlive = signs.await(within.toNanos(), TimeUnit.NANOSECONDS);
    silent.forEach(each -> later(each, "no answer within " + within.toMillis() + " ms"));
    return allAlive;
  }

  /** Any answer is a sign of life, a refusal too. */
  private final class Beat implements Answer {
    private final Connection connection;
    private final Runnable alive;

    Beat(Connection connection, Runnable alive) {
      this.connection = connection;
      this.alive = alive;
    }

    @Override
    public void begin(int code, String retryAfter) {
      connection.silent = false;
      alive.run();
    }

    @Override
    public void bytes(ByteBuffer bytes) {}

    @Override
    public void end() {}

    @Override
    public void broken(Exception why) {
      if (AnswerConnection.isRefusalToShare(why)) {
        refusedToShare(connection);
      } else {
        later(connection, why.toString());
      }
    }
  }

  /** Gives a connection up, but not in its own thread. */
  private void later(Connection connection, String why) {
    inTime(() -> giveUp(connection, why), Duration.ZERO);
  }

  private void inTime(Runnable task, Duration delay) {
    try {
      var unused = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      log.debug("connections end with the program");
    }
  }

  private void refusedToShare(Connection connection) {
    synchronized (this) {
      if (shared) {
        log.warn("the API server does not speak HTTP/2: each watch has a connection of its own");
      }
      shared = false;
    }
    later(connection, "the API server does not speak HTTP/2");
  }

  private void giveUp(Connection connection, String why) {
    List<Lease> leases;
    synchronized (this) {
      if (!open.remove(connection) || closed) {
        return;
      }
      leases = List.copyOf(connection.leases);
      connection.leases.clear();
    }
    log.info("{} watches connect anew: {}", leases.size(), why);
    leases.forEach(lease -> lease.lost.accept("its connection was given up: " + why));
    connection.http.close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.forEach(connection -> connection.http.close());
    open.clear();
  }
}
