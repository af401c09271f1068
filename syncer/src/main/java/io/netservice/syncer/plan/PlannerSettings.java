package io.netservice.syncer.plan;

import io.netservice.network.NamespaceIsolation;

/**
 * What an administrator may choose.
 *
 * @param maxEndpointsPerSlice 1 to 1,000, the API server's bound
 * @param writeEndpoints whether Endpoints are written beside the slices
 * @param isolation which networks a namespace may name
 */
public record PlannerSettings(
    int maxEndpointsPerSlice, boolean writeEndpoints, NamespaceIsolation isolation) {

  /** What {@code --max-endpoints-per-slice} is unless told: as kube-controller-manager has it. */
  public static final int DEFAULT_MAX = 100;

  public PlannerSettings {
    if (maxEndpointsPerSlice < 1 || maxEndpointsPerSlice > 1000) {
      throw new IllegalArgumentException(
          "--max-endpoints-per-slice " + maxEndpointsPerSlice + ": must be from 1 to 1000");
    }
  }
}
