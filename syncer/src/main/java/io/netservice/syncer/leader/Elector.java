package io.netservice.syncer.leader;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.syncer.leader.Leadership.Moment;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a Lease when it is to be had, renews it, and gives it back in the end; as the leader
 * election of client-go, with which it shares the meaning of all fields. That another holder has
 * stopped to renew is found by our own clock alone: from when the Lease was first seen as it is,
 * for as long as it says. Every change of the Lease carries the resourceVersion that it was seen
 * with, so that of two who want it one gets it.
 *
 * <p>Unlike client-go's: a Lease that is gone although somebody had it is waited for as if it were
 * still there, a request that gets no answer is made again several times before the deadline, and
 * the process stays a standby when it has lost the Lease.
 *
 * <p>Works in a thread of its own.
 */
public final class Elector implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Elector.class);

  /** How a Lease's times are written: {@code metav1.MicroTime}. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** After a failure it is tried again after this part of the retry period. */
  private static final int SOONER = 4;

  /** How often it is asked whether this process could lead by now. */
  private static final long UNTIL_ABLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final Duration LAST_REQUEST = Duration.ofSeconds(5);

  /** Is told what this process is to do from now on. */
  @FunctionalInterface
  public interface Role {
    void changed(boolean leads);
  }

  private final String identity;
  private final LeaseTiming timing;
  private final LeaseStore store;
  private final BooleanSupplier mayLead;
  private final Role role;
  private final Clocks clocks;
  private final Leadership leadership;
  private final Thread thread = new Thread(this::run, "leader-election");

  /** The Lease as it was seen last, null if there was none. For the elector's thread alone. */
  private LeaseRecord seen;

  /** When the Lease was first seen to be so. */
  private long seenAt;

  private boolean wasLeading;
  private boolean woken;
  private boolean closed;
  private volatile long contactAt;
  private volatile boolean contacted;

  /**
   * Does nothing before {@link #start}.
   *
   * @param mayLead whether this process could do a leader's work; asked from the elector's thread
   * @param role told from the elector's thread whether this process leads: true whenever it has
   *     become the leader, and all that it refused to write before is to be looked at
   */
  public Elector(LeaseTiming timing, LeaseStore store, BooleanSupplier mayLead, Role role) {
    this(newIdentity(), timing, store, mayLead, role, Clocks.SYSTEM);
  }

  Elector(
      String identity,
      LeaseTiming timing,
      LeaseStore store,
      BooleanSupplier mayLead,
      Role role,
      Clocks clocks) {
    this.identity = identity;
    this.timing = timing;
    this.store = store;
    this.mayLead = mayLead;
    this.role = role;
    this.clocks = clocks;
    this.leadership = new Leadership(clocks, timing);
    thread.setDaemon(true);
  }

  private static String newIdentity() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown";
    }
    return host + "_" + UUID.randomUUID();
  }

  /** Begins, and gives the thread that has to run from now on. */
  public Thread start() {
    log.info("taking part in the election of a leader as {}", identity);
    thread.start();
    return thread;
  }

  /** What writes are to be asked for. */
  public Leadership leadership() {
    return leadership;
  }

  /** Whether the Lease could be read or written not longer ago than a leader may go without. */
  public boolean inContact() {
    return contacted && clocks.monotonic() - contactAt < timing.renewDeadline().toNanos();
  }

  /**
   * The Lease was seen in the hands of {@code holder}, empty for nobody: if that calls for
   * something it is done at once. From any thread.
   */
  public void seenWith(String holder) {
    if (holder.isEmpty() || (leadership.isLeading() && !holder.equals(identity))) {
      synchronized (this) {
        woken = true;
        notifyAll();
      }
    }
  }

  private void run() {
    try {
      for (long wait = step(); await(wait); wait = step()) {
        log.trace("looked at the Lease");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for so long, or until there is something to do; false if that is nothing more. */
  private synchronized boolean await(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !woken && !closed; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    woken = false;
    return !closed;
  }

  /** Does what is to be done now, and gives after how many nanoseconds there may be more. */
  long step() {
    long wait;
    try {
      wait = attempt();
    } catch (KubernetesClientException e) {
      wait = timing.retryPeriod().toNanos() / SOONER;
      log.warn(
          "the Lease can't be {}: again in {} ms: {}",
          leadership.isLeading() ? "renewed" : "looked at",
          TimeUnit.NANOSECONDS.toMillis(wait),
          e.getMessage());
    }
    if (wasLeading && !leadership.isLeading()) {
      log.warn("not the leader any more: nothing is written until the Lease is had again");
      wasLeading = false;
      role.changed(false);
    }
    return wait;
  }

  private long attempt() {
    boolean isAble = leadership.isLeading() || mayLead.getAsBoolean();
    if (!isAble && contacted && clocks.monotonic() - contactAt < timing.retryPeriod().toNanos()) {
      return UNTIL_ABLE_NANOS;
    }
    if (!leadership.isLeading() || !isMine()) {
      see(store.read());
    }
    if (isOthers()) {
      leadership.end();
      return untilAnotherLook();
    }
    if (!isAble) {
      return UNTIL_ABLE_NANOS;
    }
    Moment sent = leadership.now();
    try {
      take(sent);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // Somebody was faster, or an answer to ourselves was lost.
      see(store.read());
      if (isOthers()) {
        leadership.end();
        return untilAnotherLook();
      }
      return 0;
    }
    return Math.max(0, sent.monotonic() + timing.retryPeriod().toNanos() - clocks.monotonic());
  }

  private void see(Optional<LeaseRecord> now) {
    contact();
    if (now.isEmpty() && isOthers()) {
      return; // Deleted by whomever: its holder may still believe in it.
    }
    LeaseRecord before = seen;
    seen = now.orElse(null);
    if (seen != null
        && (before == null || !before.resourceVersion().equals(seen.resourceVersion()))) {
      seenAt = clocks.monotonic();
      if (before == null || !before.holder().equals(seen.holder())) {
        log.info(
            "the leader is {}",
            seen.holder().isEmpty()
                ? "nobody"
                : seen.holder() + (isMine() ? ", this process" : ""));
      }
    }
  }

  private void contact() {
    contactAt = clocks.monotonic();
    contacted = true;
  }

  private boolean isMine() {
    return seen != null && seen.holder().equals(identity);
  }

  /** Whether somebody else has the Lease and has not been silent for too long. */
  private boolean isOthers() {
    return seen != null && !seen.holder().isEmpty() && !isMine() && untilItExpires() > 0;
  }

  private long untilItExpires() {
    long duration =
        seen.durationSeconds() > 0
            ? TimeUnit.SECONDS.toNanos(seen.durationSeconds())
            : timing.leaseDuration().toNanos();
    return seenAt + duration - clocks.monotonic();
  }

  /** A little later than asked for, by chance, but not later than the Lease ends. */
  private long untilAnotherLook() {
    double jitter = ThreadLocalRandom.current().nextDouble(1, LeaseTiming.JITTER);
    return Math.min((long) (timing.retryPeriod().toNanos() * jitter), untilItExpires());
  }

  private void take(Moment sent) {
    String now = microTime(seen == null ? "" : seen.renewTime());
    LeaseRecord wanted =
        new LeaseRecord(
            identity,
            (int) timing.leaseDuration().toSeconds(),
            isMine() ? seen.acquireTime() : now,
            now,
            seen == null ? 0 : isMine() ? seen.transitions() : seen.transitions() + 1,
            seen == null ? "" : seen.resourceVersion());
    seen = seen == null ? store.create(wanted) : store.update(wanted);
    seenAt = clocks.monotonic();
    contact();
    if (leadership.extend(sent)) {
      log.info("this process is the leader now");
      wasLeading = true;
      role.changed(true);
    }
  }

  /** Now, but never as before: a change of nothing is none, and nobody would see it. */
  private String microTime(String before) {
    Instant now = Instant.ofEpochSecond(0, clocks.wall());
    String text = MICRO_TIME.format(now);
    return text.equals(before) ? MICRO_TIME.format(now.plus(1, ChronoUnit.MICROS)) : text;
  }

  /** Takes no more part; the Lease, if it is here, ends by itself. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(LAST_REQUEST.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leadership.end();
  }

  /**
   * Takes no more part and gives the Lease back, so that another takes it at once. To be called
   * when no write is under way and none will be made.
   */
  public void giveBack() {
    close();
    if (thread.isAlive() || !isMine()) {
      return;
    }
    String now = microTime(seen.renewTime());
    try {
      seen =
          store.update(
              new LeaseRecord("", 1, now, now, seen.transitions(), seen.resourceVersion()));
      log.info("gave the Lease back");
    } catch (KubernetesClientException e) {
      log.warn("the Lease could not be given back, and ends by itself: {}", e.getMessage());
    }
  }
}
