package io.netservice.syncer.plan;

import java.util.Objects;

/**
 * An endpoint of a slice. A text is empty where the API has none.
 *
 * @param address its address, canonical
 * @param hostname {@code hostname}
 * @param nodeName {@code nodeName}
 * @param zone {@code zone}
 * @param pod what {@code targetRef} refers to, null for nothing
 * @param hints which hints it carries
 */
public record SliceEndpoint(
    String address,
    boolean ready,
    boolean serving,
    boolean terminating,
    String hostname,
    String nodeName,
    String zone,
    PodRef pod,
    Hints hints) {

  /** As generated, but compiled well by a JVM that keeps to its quick compiler. */
  @Override
  public boolean equals(Object object) {
    return this == object
        || (object instanceof SliceEndpoint other
            && ready == other.ready
            && serving == other.serving
            && terminating == other.terminating
            && hints == other.hints
            && address.equals(other.address)
            && hostname.equals(other.hostname)
            && nodeName.equals(other.nodeName)
            && zone.equals(other.zone)
            && Objects.equals(pod, other.pod));
  }

  @Override
  public int hashCode() {
    return address.hashCode();
  }

  /**
   * An endpoint as somebody else may have written it, in which nothing but the address is known: it
   * equals none that is published.
   */
  public static SliceEndpoint strange(String address) {
    return new SliceEndpoint(address, false, false, false, "", "", "", null, Hints.OTHER);
  }
}
