package io.netservice.deploy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Does the same again and again, on a thread of its own. */
final class Repeated implements AutoCloseable {

  private final Thread thread;
  private volatile boolean over;

  /**
   * Begins at once.
   *
   * @param everyMillis how long it pauses each time
   * @param failures where it tells what went wrong; it goes on all the same
   */
  Repeated(String name, int everyMillis, Queue<String> failures, Work work) {
    thread =
        new Thread(
            () -> {
              while (!over) {
                try {
                  work.run();
                } catch (IOException | GeneralSecurityException | RuntimeException e) {
                  failures.add(name + ": " + e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(everyMillis));
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until what is under way is done, and stops. */
  void end() {
    over = true;
    Await.until(thread.getName() + " ends", () -> !thread.isAlive());
  }

  @Override
  public void close() {
    end();
  }

  interface Work {
    void run() throws IOException, GeneralSecurityException;
  }
}
