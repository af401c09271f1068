package io.netservice.faults.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines as the API server's audit log has them. */
class WritersTest {

  @TempDir Path folder;
  private Writers writers;

  @BeforeEach
  void begin() {
    writers = new Writers(new AuditLog(folder));
    writers.begin(true);
  }

  private void lease(String token, int second, String holder) throws IOException {
    add(
        token,
        "update",
        "leases",
        second,
        200,
        "{\"spec\":{\"holderIdentity\":\"" + holder + "\"}}");
  }

  private void write(String token, int second, int code) throws IOException {
    add(token, "update", "endpointslices", second, code, "{}");
  }

  private void add(String token, String verb, String resource, int second, int code, String object)
      throws IOException {
    add(token, verb, resource, second, "{\"code\":" + code + "}", object);
  }

  private void add(
      String token, String verb, String resource, int second, String status, String object)
      throws IOException {
    String line =
        """
        {"user":{"extra":{"authentication.kubernetes.io/credential-id":["%s"]}},"verb":"%s",\
        "objectRef":{"resource":"%s","namespace":"shop","name":"db"},\
        "requestReceivedTimestamp":"2026-01-01T00:00:%02d.000000Z",\
        "stageTimestamp":"2026-01-01T00:00:%02d.500000Z",\
        "responseStatus":%s,"responseObject":%s}
        """
            .formatted(token, verb, resource, second, second, status, object);
    Files.writeString(
        folder.resolve("audit.log"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void writesOfTheHolderAndOfTheNextOneAreNoOverlap() throws IOException {
    lease("a", 1, "syncer-a");
    write("a", 2, 200);
    lease("b", 3, "syncer-b");
    write("b", 4, 200);
    assertEquals(List.of(), writers.overlaps());
    assertEquals("b", writers.holder());
  }

  @Test
  void writeOfWhoLostTheLeaseIsAnOverlapEvenIfItIsRefused() throws IOException {
    lease("a", 1, "syncer-a");
    lease("b", 3, "syncer-b");
    write("a", 4, 409);
    List<String> overlaps = writers.overlaps();
    assertEquals(1, overlaps.size());
    assertTrue(overlaps.get(0).contains("update endpointslices shop/db"), overlaps.get(0));
    assertEquals(List.of(), writers.overlaps(), "told once");
  }

  @Test
  void writeThatDidNotArriveToTheEndIsNoOverlapAsNothingCameOfIt() throws IOException {
    lease("a", 1, "syncer-a");
    lease("b", 3, "syncer-b");
    String cut = "read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer";
    String status = "{\"code\":500,\"message\":\"%s\"}";
    add("a", "update", "endpointslices", 4, status.formatted(cut), "{}");
    assertEquals(List.of(), writers.overlaps());
    add(
        "a",
        "update",
        "endpointslices",
        5,
        status.formatted("etcdserver: request timed out"),
        "{}");
    assertEquals(1, writers.overlaps().size());
  }

  @Test
  void writeBehindARetreatIsAnOverlap() throws IOException {
    lease("a", 1, "syncer-a");
    lease("a", 3, "");
    write("a", 4, 200);
    assertEquals(1, writers.overlaps().size());
  }

  @Test
  void leaseThatCouldNotBeTakenChangesNothing() throws IOException {
    lease("a", 1, "syncer-a");
    add("b", "update", "leases", 2, 409, "{}");
    write("a", 3, 200);
    assertEquals(List.of(), writers.overlaps());
    assertEquals("a", writers.holder());
  }

  @Test
  void withoutALeaseWhoWasReplacedMustNotComeBack() throws IOException {
    writers.begin(false);
    write("a", 1, 200);
    write("b", 2, 200);
    write("b", 3, 200);
    assertEquals(List.of(), writers.overlaps());
    write("a", 4, 200);
    assertEquals(1, writers.overlaps().size());
  }
}
