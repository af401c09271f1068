package io.netservice.bench.observe;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Population;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is published of each pod against what should be, kept up with every event, so that the
 * moment is known at which all was right. May be used from any thread.
 */
public final class Board {

  /** What should be seen of a pod. */
  public enum Pod {
    ABSENT,
    NOT_READY,
    READY
  }

  private static final int NONE = -1;

  private final Map<String, Integer> groups = new HashMap<>();
  private final int[] groupOf;
  private final Pod[] expected;
  private final Pod[] seen;

  /** The object that shows a pod, by its number in {@link #objects}. */
  private final int[] owner;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Shown> objects = new HashMap<>();
  private int wrong;
  private int strays;
  private long rightSince = System.nanoTime();
  private long lastEvent = System.nanoTime();
  private int writes;
  private String failure;

  /** A board on which nothing is expected and nothing is shown. */
  Board(Population population) {
    for (int i = 0; i < population.groups().size(); i++) {
      groups.put(population.groups().get(i).key(), i);
    }
    groupOf = population.groupOfPods();
    expected = new Pod[groupOf.length];
    seen = new Pod[groupOf.length];
    owner = new int[groupOf.length];
    Arrays.fill(expected, Pod.ABSENT);
    Arrays.fill(seen, Pod.ABSENT);
    Arrays.fill(owner, NONE);
  }

  /** From now on pod number {@code pod} should be seen like this. */
  public synchronized void expect(int pod, Pod state) {
    wrong -= expected[pod] == seen[pod] ? 0 : 1;
    expected[pod] = state;
    wrong += expected[pod] == seen[pod] ? 0 : 1;
  }

  /** An event arrived: {@code shown} replaces what the object showed before. */
  synchronized void show(Shown shown, long nanos) {
    writes++;
    lastEvent = nanos;
    int number = numbers.computeIfAbsent(shown.name(), any -> numbers.size());
    Integer group = groups.get(shown.service());
    Shown before = objects.put(shown.name(), shown);
    if (before != null) {
      strays -= strays(before, group);
      for (int i = 0; i < before.size(); i++) {
        int pod = before.pod(i);
        if (pod >= 0 && pod < owner.length && owner[pod] == number) {
          owner[pod] = NONE;
          see(pod, Pod.ABSENT);
        }
      }
    }
    strays += strays(shown, group);
    for (int i = 0; i < shown.size(); i++) {
      int pod = shown.pod(i);
      if (belongs(pod, group)) {
        owner[pod] = number;
        see(pod, shown.isReady(i) ? Pod.READY : Pod.NOT_READY);
      }
    }
    if (isRight()) {
      rightSince = nanos;
      notifyAll();
    }
  }

  /** Nothing can be known any more, for instance because a watch ended. */
  synchronized void fail(String why) {
    failure = failure == null ? why : failure;
    notifyAll();
  }

  /**
   * Waits until all is right and gives the moment at which the event arrived that made it so, as
   * {@link System#nanoTime}; empty if that takes longer than {@code limit}.
   */
  public synchronized OptionalLong awaitRight(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!isRight()) {
      checkFailure();
      long left = end - System.nanoTime();
      if (left <= 0) {
        return OptionalLong.empty();
      }
      wait(left / 1_000_000 + 1);
    }
    checkFailure();
    return OptionalLong.of(rightSince);
  }

  /** Waits until no event has come for {@code silence}. */
  public void awaitSilence(Duration silence) throws InterruptedException {
    for (long left = silence.toNanos(); left > 0; left = silenceLeft(silence)) {
      Thread.sleep(left / 1_000_000 + 1);
    }
  }

  /** How many pods are not seen as they should be, and addresses that should not be seen. */
  public synchronized int wrong() {
    return wrong + strays;
  }

  /** How many events have come: each is a write that changed an object. */
  public synchronized int writes() {
    return writes;
  }

  private synchronized long silenceLeft(Duration silence) {
    checkFailure();
    return lastEvent + silence.toNanos() - System.nanoTime();
  }

  private boolean isRight() {
    return wrong == 0 && strays == 0;
  }

  private void see(int pod, Pod state) {
    wrong -= expected[pod] == seen[pod] ? 0 : 1;
    seen[pod] = state;
    wrong += expected[pod] == seen[pod] ? 0 : 1;
  }

  private boolean belongs(int pod, Integer group) {
    return group != null && pod >= 0 && pod < groupOf.length && groupOf[pod] == group;
  }

  private int strays(Shown shown, Integer group) {
    int result = 0;
    for (int i = 0; i < shown.size(); i++) {
      result += belongs(shown.pod(i), group) ? 0 : 1;
    }
    return result;
  }

  private void checkFailure() {
    if (failure != null) {
      throw new BenchException(failure);
    }
  }
}
