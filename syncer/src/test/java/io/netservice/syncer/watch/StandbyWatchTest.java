package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.http.ApiServer;
import io.netservice.syncer.watch.AnswersByHand.Asked;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked for of changes that are our own, or another's. */
class StandbyWatchTest {

  private static final String ALL = "application/json";

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private AnswersByHand server;
  private Connections connections;
  private CollectionWatch<String> watch;
  private volatile boolean othersWrite = true;

  @BeforeEach
  void start() throws IOException {
    server = new AnswersByHand();
    connections =
        new Connections(
            new ApiServer(new ConfigBuilder().withMasterUrl(server.url()).build()),
            timer,
            Duration.ofHours(1));
    watch =
        new CollectionWatch<>(
                connections,
                timer,
                new CollectionWatch.Collection("/api/v1/nodes", ""),
                new JsonFormat<>(
                    new Zones(name -> {}),
                    JsonFormat.Content.METADATA_OF_CHANGES,
                    () -> othersWrite),
                new Item.Sink<String>() {
                  @Override
                  public void put(String key, String object) {
                    told.add(key);
                  }

                  @Override
                  public void remove(String key, String object) {}

                  @Override
                  public void complete(Set<String> keys, String resourceVersion) {}
                })
            .start();
  }

  @AfterEach
  void stop() {
    watch.close();
    connections.close();
    timer.shutdownNow();
    server.close();
  }

  private static String added(String name, int version) {
    return ("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"%s\","
            + "\"resourceVersion\":\"%d\"}}}")
        .formatted(name, version);
  }

  private static String initialEnd(int version) {
    return ("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"%d\","
            + "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}")
        .formatted(version);
  }

  private void awaitTold(String key) throws InterruptedException {
    assertEquals(key, told.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void allOfAnothersChangesIsToldAndMetadataOfOurOwn() throws Exception {
    Asked standby = server.next();
    assertEquals(ALL, standby.accept());
    standby.lines(added("a", 3), initialEnd(5), added("b", 6));
    awaitTold("a");
    awaitTold("b");

    watch.askAnew();
    standby.lines(added("c", 7));
    awaitTold("c"); // Nothing has changed: the same stream goes on.

    othersWrite = false;
    watch.askAnew();
    Asked leader = server.next();
    assertEquals(ApiServer.METADATA, leader.accept());
    assertEquals("7", leader.parameter("resourceVersion"), "nothing is lost between the two");
    leader.lines(added("d", 8));
    awaitTold("d");

    othersWrite = true;
    watch.askAnew();
    Asked again = server.next();
    assertEquals(ALL, again.accept());
    assertEquals("8", again.parameter("resourceVersion"));
  }
}
