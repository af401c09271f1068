package io.netservice.faults.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.bench.cluster.BenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the API server wrote down of the syncers' requests: who wrote what when. Each process has a
 * token of its own, whose id is in each entry.
 */
final class AuditLog {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What is to be written down; {@code %s} is the syncers' user. */
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: RequestResponse
          users: ["%1$s"]
          verbs: [create, update, patch]
          resources: [{group: coordination.k8s.io, resources: [leases]}]
          omitManagedFields: true
        - level: Metadata
          users: ["%1$s"]
          verbs: [create, update, patch, delete]
        - level: None
      """;

  /**
   * One request that was answered.
   *
   * @param token the id of the token of who asked
   * @param isCut whether its body did not arrive to the end, so that nothing came of it
   * @param holder of the Lease, as the answer says, where one was written; else null
   */
  record Entry(
      String token,
      String verb,
      String resource,
      String name,
      Instant received,
      Instant answered,
      int code,
      boolean isCut,
      String holder) {

    boolean isLease() {
      return resource.equals("leases");
    }

    boolean isWrite() {
      return !isLease() && !resource.equals("events") && !isCut;
    }
  }

  private final Path file;
  private long read;

  AuditLog(Path folder) {
    this.file = folder.resolve("audit.log");
  }

  /** Flags of the API server. */
  String[] flags(Path folder, String user) throws IOException {
    Path policy = folder.resolve("audit-policy.yaml");
    Files.writeString(policy, POLICY.formatted(user));
    return new String[] {
      "--audit-policy-file=" + policy, "--audit-log-path=" + file, "--audit-log-maxsize=100000"
    };
  }

  /** What was added since the last call, in the order in which requests arrived. */
  List<Entry> more() {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines()) {
      try {
        entries.add(entry(MAPPER.readTree(line)));
      } catch (JsonProcessingException e) {
        // An API server that was killed left half a line, which the next has gone on with.
      }
    }
    entries.sort(Comparator.comparing(Entry::received));
    return entries;
  }

  private List<String> lines() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(read);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Channels.newInputStream(channel).transferTo(bytes);
      String text = bytes.toString(StandardCharsets.ISO_8859_1);
      int end = text.lastIndexOf('\n') + 1;
      read += end;
      return text.substring(0, end).lines().toList();
    } catch (IOException e) {
      throw new BenchException("the audit log can't be read: " + e, e);
    }
  }

  /**
   * A syncer that may not write any more keeps the last byte to itself and closes the connection:
   * the API server calls that an error of its own.
   */
  private static boolean isCut(JsonNode status) {
    String message = status.path("message").asText();
    return status.path("code").asInt() == HttpURLConnection.HTTP_INTERNAL_ERROR
        && (message.startsWith("read tcp ") || message.equals("unexpected EOF"));
  }

  private static Entry entry(JsonNode event) {
    String resource = event.at("/objectRef/resource").asText();
    JsonNode holder = event.at("/responseObject/spec/holderIdentity");
    return new Entry(
        event
            .path("user")
            .path("extra")
            .path("authentication.kubernetes.io/credential-id")
            .path(0)
            .asText(),
        event.path("verb").asText(),
        resource,
        event.at("/objectRef/namespace").asText() + "/" + event.at("/objectRef/name").asText(),
        Instant.parse(event.path("requestReceivedTimestamp").asText()),
        Instant.parse(event.path("stageTimestamp").asText()),
        event.at("/responseStatus/code").asInt(),
        isCut(event.path("responseStatus")),
        resource.equals("leases") && event.at("/responseStatus/code").asInt() < 300
            ? holder.asText("")
            : null);
  }
}
