package io.netservice.network;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Annotations as a real Multus wrote them. */
final class RecordedStatus {

  static final List<String> NAMES =
      List.of(
          "plain",
          "ipv4",
          "dual-stack",
          "twice-on-one-network",
          "named-interfaces-across-namespaces",
          "no-ipam-and-ipv6-only",
          "default-network-is-a-nad",
          "one-attachment-two-interfaces",
          "device-info");

  private RecordedStatus() {}

  /** The annotation of that name. */
  static String read(String name) {
    try (InputStream file =
        RecordedStatus.class.getResourceAsStream("/network-status/" + name + ".json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
