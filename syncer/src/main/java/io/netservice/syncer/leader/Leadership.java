package io.netservice.syncer.leader;

import io.netservice.http.WriteGate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether this process may write. It is told by the {@link Elector} and believed for a bounded time
 * only, so that an elector that is stuck can't keep it.
 *
 * <p>Another replica takes a Lease over when it has not seen it change for the lease's duration.
 * What it can have seen last was sent by a renewal of ours, so it can't do so sooner than that long
 * after <em>we began to send</em> the last renewal. All times here count from that moment: writes
 * begin until the renew deadline and are broken off before the lease's duration is over. They are
 * taken by the monotonic clock, and by the wall clock, too: that one shows when a machine has
 * slept. Where they differ the longer time counts: a wall clock that jumps forward costs a moment
 * until the next renewal, never safety.
 *
 * <p>May be used from any thread.
 */
public final class Leadership implements WriteGate {

  private final Clocks clocks;
  private final long beginNanos;
  private final long endNanos;

  /** The last renewal; null when another may lead. */
  private final AtomicReference<Renewal> last = new AtomicReference<>();

  /** A moment by both clocks. */
  record Moment(long monotonic, long wall) {}

  /**
   * A good renewal.
   *
   * @param sent the moment it was about to be sent
   * @param mayBegin false once a write was refused since
   */
  private record Renewal(Moment sent, boolean mayBegin) {}

  Leadership(Clocks clocks, LeaseTiming timing) {
    this(clocks, timing.renewDeadline(), timing.writesEnd());
  }

  private Leadership(Clocks clocks, Duration begin, Duration end) {
    this.clocks = clocks;
    this.beginNanos = begin.toNanos();
    this.endNanos = end.toNanos();
  }

  /** Where there is no election: always and for ever. */
  public static Leadership withoutElection() {
    Clocks stopped =
        new Clocks() {
          @Override
          public long monotonic() {
            return 0;
          }

          @Override
          public long wall() {
            return 0;
          }
        };
    Duration forever = Duration.ofNanos(Long.MAX_VALUE);
    Leadership leadership = new Leadership(stopped, forever, forever);
    leadership.extend(leadership.now());
    return leadership;
  }

  Moment now() {
    return new Moment(clocks.monotonic(), clocks.wall());
  }

  private long since(Moment moment) {
    return Math.max(clocks.monotonic() - moment.monotonic, clocks.wall() - moment.wall);
  }

  /** Whether a write may begin. Once it may not, it may not until the next renewal. */
  public boolean isLeading() {
    Renewal renewal = last.get();
    if (renewal == null || !renewal.mayBegin) {
      return false;
    }
    if (since(renewal.sent) < beginNanos) {
      return true;
    }
    // What is refused here is done anew after the next renewal, so that must know of it, even when
    // the wall clock has jumped back by then.
    return !last.compareAndSet(renewal, new Renewal(renewal.sent, false)) && isLeading();
  }

  @Override
  public void check() {
    if (!isLeading()) {
      throw new NotLeadingException();
    }
  }

  @Override
  public long nanosLeft() {
    Renewal renewal = last.get();
    return renewal == null ? 0 : endNanos - since(renewal.sent);
  }

  /**
   * The Lease has been renewed by a request that was about to be sent at {@code sent}. For one
   * thread.
   *
   * @return whether this begins a new time as leader: something may have been refused since the
   *     renewal before
   */
  boolean extend(Moment sent) {
    boolean wasLeading = isLeading();
    Renewal before = last.getAndSet(new Renewal(sent, true));
    return !wasLeading || !before.mayBegin;
  }

  /** Another may lead from now on. */
  void end() {
    last.set(null);
  }
}
