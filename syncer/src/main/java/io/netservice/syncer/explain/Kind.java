package io.netservice.syncer.explain;

/** The kinds of objects that an explanation looks at. */
public enum Kind {
  NET_SERVICE("netservice.cni.cncf.io/v1alpha1", "NetService", "netservices"),
  NETWORK("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "network-attachment-definitions"),
  SERVICE("v1", "Service", "services"),
  SLICE("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
  ENDPOINTS("v1", "Endpoints", "endpoints"),
  POD("v1", "Pod", "pods"),
  NODE("v1", "Node", "nodes");

  private final String apiVersion;
  private final String kind;
  private final String plural;

  Kind(String apiVersion, String kind, String plural) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.plural = plural;
  }

  /** The path of all objects of this kind in {@code namespace}, which a Node has not. */
  String path(String namespace) {
    return (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/")
        + apiVersion
        + (this == NODE ? "" : "/namespaces/" + namespace)
        + "/"
        + plural;
  }

  /**
   * How many of them are asked for at a time, so that an answer stays well below the 8 MiB that one
   * may have: a slice of 1,000 endpoints has half a megabyte, a large pod 50 KB.
   */
  int page() {
    return this == SLICE ? 10 : 100;
  }

  /** Whether an object says that it is of this kind, in whatever version of it. */
  boolean is(String otherApiVersion, String otherKind) {
    return kind.equals(otherKind) && group(apiVersion).equals(group(otherApiVersion));
  }

  private static String group(String version) {
    int slash = version.indexOf('/');
    return slash < 0 ? "" : version.substring(0, slash);
  }

  String apiVersion() {
    return apiVersion;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }
}
