package io.netservice.bench.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send at a steady rate, each one request at a time; who is late catches up. Without a
 * bound on what is under way a machine that is busy for a moment would get a new connection for
 * each request, and never recover.
 */
public final class SteadyRate {

  private final Runnable send;
  private final long began = System.nanoTime();
  private final long intervalNanos;
  private final AtomicInteger next = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  private SteadyRate(int perSecond, Runnable send) {
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.send = send;
  }

  /**
   * Begins.
   *
   * @param clients how many threads send
   * @param perSecond how often they do so together
   * @param send sends one request and takes its answer; must not throw
   */
  public static SteadyRate start(int clients, int perSecond, Runnable send) {
    SteadyRate rate = new SteadyRate(perSecond, send);
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(rate::run, "steady-rate-" + i);
      thread.setDaemon(true);
      thread.start();
      rate.threads.add(thread);
    }
    return rate;
  }

  private void run() {
    while (!ended) {
      long due = began + next.getAndIncrement() * intervalNanos;
      long left = due - System.nanoTime();
      while (left > 0 && !ended) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      if (!ended) {
        send.run();
      }
    }
  }

  /** Has nothing more sent, and does not wait. */
  public void stop() {
    ended = true;
  }

  /** Has nothing more sent, and waits for the answers that are still to come. */
  public void end() throws InterruptedException {
    stop();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
