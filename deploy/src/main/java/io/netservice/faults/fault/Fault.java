package io.netservice.faults.fault;

import io.netservice.faults.world.Layout;
import io.netservice.faults.world.World;
import java.time.Duration;
import java.util.Random;

/**
 * Something that goes wrong and is put right again.
 *
 * @param name a short name, such as {@code apiserver-killed}
 * @param title what happens, in a few words
 * @param layout what it happens to
 * @param limit how long after its end all must be right again
 * @param keepsPublished whether what is published must stay meanwhile; not where somebody deletes
 *     it
 * @param strike does it
 * @param restore makes the world ready for the next fault once all is right again
 */
public record Fault(
    String name,
    String title,
    Layout layout,
    Duration limit,
    boolean keepsPublished,
    Strike strike,
    Restore restore) {

  /** Lets something go wrong for a while. */
  @FunctionalInterface
  public interface Strike {
    /**
     * Returns when the fault has ended.
     *
     * @param random decides what is left open
     * @return how often it was seen to hit
     */
    int strike(World world, Random random) throws InterruptedException;
  }

  /** Puts back what a fault took away for good. */
  @FunctionalInterface
  public interface Restore {
    void restore(World world) throws InterruptedException;
  }

  /** The goal for every fault. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  Fault(String name, String title, Layout layout, Strike strike) {
    this(name, title, layout, LIMIT, true, strike, world -> {});
  }

  /** What is published may be deleted meanwhile. */
  Fault whilePublishedMayGo() {
    return new Fault(name, title, layout, limit, false, strike, restore);
  }

  /** It may take longer, because a Lease has to run out first. */
  Fault after(Duration lease) {
    return new Fault(name, title, layout, LIMIT.plus(lease), keepsPublished, strike, restore);
  }

  /** Puts something back in the end. */
  Fault restoredBy(Restore how) {
    return new Fault(name, title, layout, limit, keepsPublished, strike, how);
  }

  /** Lets {@code least} to {@code most} milliseconds go by. */
  public static void last(Random random, int least, int most) throws InterruptedException {
    Thread.sleep(least + random.nextInt(most - least + 1));
  }
}
