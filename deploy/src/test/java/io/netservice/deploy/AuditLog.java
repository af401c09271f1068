package io.netservice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.controlplane.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What API servers wrote down of the requests of the install's programs, in a file for each control
 * plane of this test run.
 */
final class AuditLog {

  private static final Path FOLDER = Path.of("target", "audit");

  private static final String ACCOUNT = "system:serviceaccount:netservice-system:netservice-";

  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: Metadata
          users: ["%1$swebhook", "%1$ssyncer", "%1$scerts"]
        - level: None
      """
          .formatted(ACCOUNT);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private AuditLog() {}

  /**
   * A request that was answered.
   *
   * @param what as a right to it would be
   * @param code the HTTP status
   */
  record Request(Right what, int code) {}

  /** {@code options} with an audit log named {@code name}, which begins empty. */
  static ControlPlane.Options keep(String name, ControlPlane.Options options) throws IOException {
    Path folder = Files.createDirectories(FOLDER).toAbsolutePath();
    Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    Path log = folder.resolve(name + ".log");
    Files.deleteIfExists(log);
    return options.flags(
        ControlPlane.Part.KUBE_APISERVER,
        "--audit-policy-file=" + policy,
        "--audit-log-path=" + log,
        "--audit-log-maxsize=100000");
  }

  /** All requests in all logs, each kind once. */
  static List<Request> requests() throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(FOLDER)) {
      logs = files.filter(file -> file.toString().endsWith(".log")).toList();
    }
    List<Request> all = new ArrayList<>();
    for (Path log : logs) {
      try (Stream<String> lines = Files.lines(log)) {
        all.addAll(lines.map(AuditLog::request).distinct().toList());
      }
    }
    return all;
  }

  private static Request request(String line) {
    JsonNode event;
    try {
      event = MAPPER.readTree(line);
    } catch (IOException e) {
      throw new IllegalStateException("the audit log has a line that is none: " + line, e);
    }
    JsonNode object = event.path("objectRef");
    String sub = object.path("subresource").asText();
    String resource = object.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub);
    return new Request(
        new Right(
            event.at("/user/username").asText().substring(ACCOUNT.length()),
            object.path("namespace").asText(),
            Right.named(resource, object.path("apiGroup").asText()),
            object.path("name").asText(),
            event.path("verb").asText()),
        event.at("/responseStatus/code").asInt());
  }
}
