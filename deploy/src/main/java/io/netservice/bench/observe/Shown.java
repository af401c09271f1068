package io.netservice.bench.observe;

import java.util.Arrays;

/** The pods that one published object shows, and how. Plain arrays: there are many, and often. */
final class Shown {

  private final String name;
  private final String service;
  private final int[] pods;
  private final boolean[] ready;

  /**
   * What an object shows.
   *
   * @param name namespace and name of the object
   * @param service namespace and name of the Service it belongs to
   * @param pods the numbers of the pods, -1 for an address that no pod has; kept, not copied
   * @param ready whether each of {@code pods} is shown as ready; kept, not copied
   */
  Shown(String name, String service, int[] pods, boolean[] ready) {
    this.name = name;
    this.service = service;
    this.pods = pods;
    this.ready = ready;
  }

  /** Namespace and name of the object. */
  String name() {
    return name;
  }

  /** Namespace and name of the Service it belongs to. */
  String service() {
    return service;
  }

  /** How many endpoints there are. */
  int size() {
    return pods.length;
  }

  /** The number of the pod of an endpoint, -1 if no pod has the address. */
  int pod(int endpoint) {
    return pods[endpoint];
  }

  /** Whether an endpoint is shown as ready. */
  boolean isReady(int endpoint) {
    return ready[endpoint];
  }

  /** The object once it shows nothing, for instance because it was deleted. */
  Shown emptied() {
    return new Shown(name, service, new int[0], new boolean[0]);
  }

  @Override
  public String toString() {
    return name + " of " + service + ": " + Arrays.toString(pods) + " " + Arrays.toString(ready);
  }
}
