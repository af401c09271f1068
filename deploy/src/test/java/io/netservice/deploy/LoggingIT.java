package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the programs log while they work on a real API server. */
class LoggingIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Cluster cluster = Cluster.get();
  private final String namespace = cluster.newNamespace("logging");
  private final TestPods pods = new TestPods(cluster.client(), namespace);
  private final Published db = new Published(cluster.client(), namespace, "db");
  @TempDir private Path folder;

  private static List<JsonNode> lines(JarProcess program) {
    return program
        .output()
        .lines()
        .map(
            line -> {
              try {
                return JSON.readTree(line);
              } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + line, e);
              }
            })
        .toList();
  }

  /** What is told of the NetService. */
  private List<JsonNode> ofNetService(JarProcess syncer) {
    return lines(syncer).stream()
        .filter(line -> line.path("netservice").asText().equals(namespace + "/db"))
        .toList();
  }

  private void netService() {
    cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}");
  }

  @Test
  void eachChangeIsALineOfJsonAndEventsOfPodsAreNone() throws Exception {
    cluster.withoutSyncer(
        () -> {
          JarProcess syncer = cluster.startAnotherSyncer("--log-format=json");
          try {
            syncer.awaitLine("this process is the leader now");
            pods.ready("one", "db", namespace + "/core", "10.60.0.1");
            netService();
            db.await("10.60.0.1 ready");
            Await.until("status", () -> db.status().equals("Published 1/1"));
            Await.until("its line", () -> syncer.output().contains(namespace + "/db: status Pub"));
            List<JsonNode> first = ofNetService(syncer);
            for (String kind : List.of("Service", "EndpointSlice", "Endpoints")) {
              assertTrue(first.stream().anyMatch(line -> isCreation(line, kind)), first::toString);
            }

            for (int i = 0; i < 20; i++) {
              pods.annotate("one", "unrelated", "" + i);
            }
            pods.annotate(
                "one", TestPods.STATUS, TestPods.status(namespace + "/core", "10.60.0.2"));
            db.await("10.60.0.2 ready");
            // One slice and the Endpoints; no status, as the counts stay.
            Await.until("lines", () -> ofNetService(syncer).size() >= first.size() + 2);
            List<JsonNode> all = ofNetService(syncer);
            assertEquals(
                List.of("update", "update"),
                all.subList(first.size(), all.size()).stream()
                    .map(line -> line.path("verb").asText())
                    .toList(),
                all::toString);
          } finally {
            syncer.kill();
          }
        });
  }

  private boolean isCreation(JsonNode line, String kind) {
    return line.path("verb").asText().equals("create")
        && line.path("object").asText().startsWith(kind + " " + namespace + "/db")
        && line.path("millis").asDouble() > 0
        && line.path("level").asText().equals("INFO");
  }

  @Test
  void levelChangesWhileTheProgramRuns() throws Exception {
    Path levels = folder.resolve("levels");
    JarProcess standby = cluster.startAnotherSyncer("--log-level-file=" + levels);
    try {
      Files.writeString(levels, "io.netservice.syncer.watch=debug\n");
      standby.awaitLine("log levels are {io.netservice.syncer.watch=DEBUG}");
      netService();
      standby.awaitLine("DEBUG PodWatches: watching pods {app=db} in " + namespace);
      Files.delete(levels);
      standby.awaitLine("log levels are as they were at the start");
    } finally {
      standby.kill();
    }
  }
}
