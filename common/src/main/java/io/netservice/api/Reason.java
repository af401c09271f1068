package io.netservice.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Why a condition is what it is: all the reasons there are. Each goes with one condition and one
 * status of it; a reason that a release once wrote keeps its meaning.
 */
public enum Reason {
  /** Endpoints are published; the message counts those that are ready. */
  PUBLISHED("Published", Condition.READY, Condition.TRUE, false),

  /** No pod that has not finished has the labels. */
  NO_MATCHING_PODS("NoMatchingPods", Condition.READY, Condition.FALSE, false),

  /** None of the selected pods has an address on the network; the message tells why of three. */
  NO_ADDRESS_ON_NETWORK("NoAddressOnNetwork", Condition.READY, Condition.FALSE, false),

  /** Nothing is published, and there is no such NetworkAttachmentDefinition. */
  NETWORK_NOT_FOUND("NetworkNotFound", Condition.READY, Condition.FALSE, true),

  /** A Service, Endpoints or EndpointSlice of that name is somebody else's. */
  SERVICE_CONFLICT("ServiceConflict", Condition.READY, Condition.FALSE, true),

  /** An older Service of that name is on its way out. */
  SERVICE_TERMINATING("ServiceTerminating", Condition.READY, Condition.FALSE, false),

  /** The namespace is being deleted: nothing can be made in it any more. */
  NAMESPACE_TERMINATING("NamespaceTerminating", Condition.READY, Condition.FALSE, false),

  /** The network is in a namespace whose networks this namespace may not use. */
  NOT_ALLOWED("NotAllowed", Condition.READY, Condition.FALSE, true),

  /** The API server refuses what is to be written; the message has its words. */
  WRITE_FAILED("WriteFailed", Condition.READY, Condition.FALSE, true),

  /** Some selected pods, or some of their addresses, can't be published. */
  PODS_SKIPPED("PodsSkipped", Condition.DEGRADED, Condition.TRUE, true),

  /** Pods are published whose network has no NetworkAttachmentDefinition any more. */
  NETWORK_GONE("NetworkGone", Condition.DEGRADED, Condition.TRUE, true),

  /** No selected pod is left out any more. */
  ALL_PODS_USABLE("AllPodsUsable", Condition.DEGRADED, Condition.FALSE, false);

  private final String value;
  private final String condition;
  private final String status;
  private final boolean warning;

  Reason(String value, String condition, String status, boolean warning) {
    this.value = value;
    this.condition = condition;
    this.status = status;
    this.warning = warning;
  }

  /** The reason of that {@link #value}, empty for what is none of these. */
  public static Optional<Reason> of(String value) {
    return Arrays.stream(values()).filter(each -> each.value.equals(value)).findFirst();
  }

  /** The values of all reasons of {@code condition}, in order. */
  public static List<String> valuesOf(String condition) {
    return Arrays.stream(values())
        .filter(each -> each.condition.equals(condition))
        .map(each -> each.value)
        .toList();
  }

  /** The value as written in an object. */
  public String value() {
    return value;
  }

  /** The type of the condition that it goes with. */
  public String condition() {
    return condition;
  }

  /** The status of the condition that it goes with. */
  public String status() {
    return status;
  }

  /** Whether it lasts until a person does something, who is told by an Event, too. */
  public boolean isWarning() {
    return warning;
  }

  @Override
  public String toString() {
    return value;
  }
}
