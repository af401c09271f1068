package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * How many endpoints are published, and how many pods are not.
 *
 * @param ready endpoints that are ready
 * @param notReady endpoints that are published as not ready
 * @param skipped selected pods without any usable address on the network
 * @param summary {@code ready/all}, the READY column of {@code kubectl get}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EndpointCounts(
    @JsonPropertyDescription("Endpoints that are ready.") int ready,
    @JsonPropertyDescription("Endpoints that are published as not ready.") int notReady,
    @JsonPropertyDescription("Selected pods without any usable address on the network.")
        int skipped,
    @JsonPropertyDescription("Ready endpoints of all endpoints, for example \"3/4\".")
        String summary) {

  /** Counts with the summary made from them. */
  public static EndpointCounts of(int ready, int notReady, int skipped) {
    return new EndpointCounts(ready, notReady, skipped, ready + "/" + (ready + notReady));
  }
}
