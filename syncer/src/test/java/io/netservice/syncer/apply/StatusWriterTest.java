package io.netservice.syncer.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.Condition;
import io.netservice.api.EndpointCounts;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Reason;
import io.netservice.syncer.queue.WorkQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final WorkQueue queue = new WorkQueue(timer, Duration.ofSeconds(1), 1);
  private final Map<String, NetService> newest = new ConcurrentHashMap<>();
  private final BlockingQueue<String> plannedAnew = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /** A write hands over what it writes, then waits for what comes of it. */
  private final BlockingQueue<String> writes = new LinkedBlockingQueue<>();

  private final BlockingQueue<Result> results = new SynchronousQueue<>();

  private enum Result {
    DONE,
    GONE,
    OUTDATED,
    FAILED
  }

  private final StatusWriter writer =
      new StatusWriter(
          queue,
          key -> Optional.ofNullable(newest.get(key)),
          this::write,
          (owner, status) -> told.add(status.conditions().get(0).message()),
          plannedAnew::add);
  private final Thread thread = new Thread(writer, "status-writer");

  private boolean write(NetService owner, NetServiceStatus status) throws Applier.Outdated {
    writes.add(status.conditions().get(0).message());
    try {
      Result result = results.poll(30, TimeUnit.SECONDS);
      if (result == Result.OUTDATED) {
        throw new Applier.Outdated("it changed");
      } else if (result == Result.FAILED) {
        throw new KubernetesClientException("no answer");
      }
      return result == Result.DONE;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    thread.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    queue.close();
    timer.shutdownNow();
    thread.join();
  }

  private NetService netService(String name, int version) {
    NetService owner = new NetService();
    owner.getMetadata().setNamespace("shop");
    owner.getMetadata().setName(name);
    owner.getMetadata().setResourceVersion(Integer.toString(version));
    newest.put("shop/" + name, owner);
    return owner;
  }

  private static Optional<NetServiceStatus> status(String message) {
    return Optional.of(
        new NetServiceStatus(
            1L,
            List.of(Condition.of(Reason.PUBLISHED, message, "2026-01-01T00:00:00Z", 1)),
            EndpointCounts.of(0, 0, 0),
            "a=b"));
  }

  private static String next(BlockingQueue<String> queue) throws InterruptedException {
    return queue.poll(30, TimeUnit.SECONDS);
  }

  private void answer(Result result) throws InterruptedException {
    results.offer(result, 30, TimeUnit.SECONDS);
  }

  /** The thread has nothing to do: what was offered before this has been dealt with. */
  private void awaitIdle() throws InterruptedException {
    writer.offer(netService("last", 1), status("last"));
    assertEquals("last", next(writes));
    answer(Result.DONE);
  }

  @Test
  void nobodyWaitsForAWriteAndOfSeveralTheNewestIsWritten() throws Exception {
    NetService db = netService("db", 1);
    writer.offer(db, status("one"));
    assertEquals("one", next(writes));
    // Its write hangs. Whoever publishes endpoints goes on, and has other things to tell.
    writer.offer(db, status("two"));
    writer.offer(db, status("three"));
    answer(Result.DONE);
    assertEquals("one", next(told));
    assertEquals("three", next(writes));
    answer(Result.DONE);
    assertEquals("three", next(told));
    awaitIdle();
    assertNull(writes.poll());
  }

  @Test
  void statusThatIsRightAgainIsNotWritten() throws Exception {
    NetService other = netService("other", 1);
    writer.offer(other, status("hangs"));
    assertEquals("hangs", next(writes));
    NetService db = netService("db", 1);
    writer.offer(db, status("wrong by now"));
    writer.offer(db, Optional.empty());
    answer(Result.DONE);
    awaitIdle();
    assertNull(writes.poll());
  }

  @Test
  void statusPlannedOnAnOlderStateIsPlannedAnew() throws Exception {
    NetService old = netService("db", 1);
    netService("db", 2);
    writer.offer(old, status("old"));
    assertEquals("shop/db", next(plannedAnew));
    writer.offer(netService("db", 3), status("new"));
    assertEquals("new", next(writes));
    answer(Result.OUTDATED);
    assertEquals("shop/db", next(plannedAnew));
    awaitIdle();
    assertEquals("last", next(told));
  }

  @Test
  void writeThatFailedIsTriedAgainUnlessThereIsANewer() throws Exception {
    NetService db = netService("db", 1);
    writer.offer(db, status("one"));
    assertEquals("one", next(writes));
    answer(Result.FAILED);
    assertEquals("one", next(writes));
    writer.offer(db, status("two"));
    answer(Result.FAILED);
    assertEquals("two", next(writes));
    answer(Result.DONE);
    assertEquals("two", next(told));
  }

  @Test
  void nothingIsToldOfWhatIsGone() throws Exception {
    writer.offer(netService("db", 1), status("one"));
    assertEquals("one", next(writes));
    answer(Result.GONE);
    writer.offer(netService("gone", 1), status("two"));
    assertEquals("two", next(writes));
    newest.remove("shop/gone");
    writer.offer(netService("forgotten", 1), status("three"));
    writer.forget("shop/forgotten");
    answer(Result.FAILED);
    awaitIdle();
    assertEquals("last", next(told));
    assertNull(writes.poll());
  }
}
