package io.netservice.network;

import java.util.List;

/** What a pod's network-status annotation says. */
public sealed interface NetworkStatus {

  /** There is no annotation (yet), or an empty one. */
  record Absent() implements NetworkStatus {}

  /** The networks that the pod is attached to. */
  record Present(List<Attachment> attachments) implements NetworkStatus {
    public Present {
      attachments = List.copyOf(attachments);
    }
  }

  /** The annotation can't be read; {@code reason}, a short line, tells a person why and where. */
  record Malformed(String reason) implements NetworkStatus {}

  NetworkStatus ABSENT = new Absent();
}
