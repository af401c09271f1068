package io.netservice.bench.cluster;

import java.nio.charset.StandardCharsets;

/** The two ways to have the addresses of pods published: what is asked for, and where it shows. */
public enum Publication {
  /** An ordinary headless Service with a selector, for kube-controller-manager. */
  SERVICE(
      Network.DEFAULT,
      "endpointslice-controller.k8s.io",
      "/api/v1/namespaces/%s/services",
      """
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"%1$s"},"spec":{"clusterIP":"None",
      "selector":{"app":"%1$s"},
      "ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}]}}"""),

  /** A NetService. */
  NETSERVICE(
      Network.ADDITIONAL,
      "syncer.netservice.cni.cncf.io",
      "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/%s/netservices",
      """
      {"apiVersion":"netservice.cni.cncf.io/v1alpha1","kind":"NetService",
      "metadata":{"name":"%1$s"},"spec":{"netAttachDef":"networks/core",
      "selector":{"app":"%1$s"},
      "ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}]}}""");

  private final Network network;
  private final String manager;
  private final String path;
  private final String body;

  Publication(Network network, String manager, String path, String body) {
    this.network = network;
    this.manager = manager;
    this.path = path;
    this.body = body;
  }

  /** The network whose addresses are published. */
  public Network network() {
    return network;
  }

  /** The value of the label {@code endpointslice.kubernetes.io/managed-by} on the slices. */
  public String manager() {
    return manager;
  }

  String path(String namespace) {
    return path.formatted(namespace);
  }

  byte[] body(Group group) {
    return body.formatted(group.name()).getBytes(StandardCharsets.UTF_8);
  }
}
