package io.netservice.syncer.watch;

import io.netservice.syncer.protobuf.ProtobufWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pod as the API server writes it in protocol buffers (generated.proto of k8s.io/api core/v1),
 * with much that nobody reads; and the envelopes in which pods come.
 */
final class PodBytes {

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private final String name;
  private final Map<String, String> annotations = new LinkedHashMap<>();
  private final Map<String, String> conditions = new LinkedHashMap<>();
  private String phase = "Running";
  private boolean terminating;

  private PodBytes(String name) {
    this.name = name;
    conditions.put("PodReadyToStartContainers", "True");
    conditions.put("Ready", "True");
  }

  /** A ready pod. */
  static PodBytes pod(String name) {
    return new PodBytes(name);
  }

  PodBytes annotated(String key, String value) {
    annotations.put(key, value);
    return this;
  }

  PodBytes condition(String type, String status) {
    conditions.put(type, status);
    return this;
  }

  PodBytes phase(String phase) {
    this.phase = phase;
    return this;
  }

  PodBytes terminating() {
    terminating = true;
    return this;
  }

  byte[] bytes() {
    ProtobufWriter to = new ProtobufWriter(0);
    int metadata = to.begin(1);
    to.string(1, name).string(2, "").string(3, "shop").string(4, "").string(5, "u-1");
    to.string(6, "17").number(7, 0);
    time(to, 8, "2026-01-01T00:00:00Z");
    if (terminating) {
      time(to, 9, "2026-01-01T01:00:00Z");
    }
    entry(to, 11, "app", "db");
    entry(to, 11, "tier", "back");
    entry(to, 12, "x", "{");
    annotations.forEach((key, value) -> entry(to, 12, key, value));
    int managed = to.begin(17);
    to.string(1, "kubelet").string(2, "Update").string(3, "v1").end(managed);
    to.end(metadata);
    int spec = to.begin(2);
    int volume = to.begin(1);
    to.string(1, "v").end(volume);
    int container = to.begin(2);
    to.string(1, "c").string(2, "i");
    port(to, "", 80, "TCP");
    port(to, "web", 8080, "TCP");
    to.end(container);
    to.string(3, "Always").number(4, 30).string(10, "n1").string(16, "h").string(17, "db");
    int once = to.begin(20);
    port(to.string(1, "i"), "once", 1, "TCP");
    to.end(once);
    int sidecar = to.begin(20);
    port(to.string(1, "s"), "side", 2, "UDP");
    to.string(24, "Always").end(sidecar);
    to.end(spec);
    int status = to.begin(3);
    to.string(1, phase);
    conditions.forEach(
        (type, value) -> {
          int condition = to.begin(2);
          time(to.string(1, type).string(2, value), 4, "2026-01-01T00:00:05Z");
          to.string(5, "").string(6, "").end(condition);
        });
    return to.string(6, "10.0.0.1").end(status).bytes();
  }

  private static void port(ProtobufWriter to, String name, int number, String protocol) {
    int port = to.begin(6);
    to.string(1, name).number(2, 0).number(3, number).string(4, protocol).string(5, "").end(port);
  }

  private static void entry(ProtobufWriter to, int field, String key, String value) {
    int entry = to.begin(field);
    to.string(1, key).string(2, value).end(entry);
  }

  private static void time(ProtobufWriter to, int field, String time) {
    int start = to.begin(field);
    to.number(1, (int) Instant.parse(time).getEpochSecond()).number(2, 0).end(start);
  }

  /** A message in an envelope (runtime.Unknown). */
  static byte[] envelope(String kind, byte[] message) {
    ProtobufWriter to = new ProtobufWriter(0).raw(MAGIC);
    int type = to.begin(1);
    to.string(1, "v1").string(2, kind).end(type);
    int raw = to.begin(2);
    return to.raw(message).end(raw).string(3, "").string(4, "").bytes();
  }

  /** An event of a watch, without the length that stands before it. */
  static byte[] event(String type, byte[] envelope) {
    ProtobufWriter to = new ProtobufWriter(0).string(1, type);
    int extension = to.begin(2);
    int raw = to.begin(1);
    return to.raw(envelope).end(raw).end(extension).bytes();
  }

  /** An event with a pod. */
  byte[] event(String type) {
    return event(type, envelope("Pod", bytes()));
  }

  /** What comes before an event. */
  static byte[] framed(byte[] event) {
    return ByteBuffer.allocate(Integer.BYTES + event.length)
        .putInt(event.length)
        .put(event)
        .array();
  }

  /** A list of pods. */
  static byte[] list(String version, String next, PodBytes... pods) {
    ProtobufWriter to = new ProtobufWriter(0);
    int metadata = to.begin(1);
    to.string(1, "").string(2, version).string(3, next).end(metadata);
    for (PodBytes pod : pods) {
      int item = to.begin(2);
      to.raw(pod.bytes()).end(item);
    }
    return envelope("PodList", to.bytes());
  }
}
