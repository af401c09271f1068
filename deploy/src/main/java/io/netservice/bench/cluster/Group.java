package io.netservice.bench.cluster;

/**
 * The pods that one Service selects, by the label {@code app}.
 *
 * @param name the name of the Service and the value of the label
 * @param first the number of the first pod
 * @param size how many pods there are
 */
public record Group(String namespace, String name, int first, int size) {

  /** Namespace and name of the Service, as {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** The name of pod number {@code pod}, as a ReplicaSet would give it. */
  public String podName(int pod) {
    return "%s-6c8d9f7b5d-%05d".formatted(name, pod);
  }

  /** The path of a pod's status at the API server. */
  public String statusPath(int pod) {
    return "/api/v1/namespaces/" + namespace + "/pods/" + podName(pod) + "/status";
  }
}
