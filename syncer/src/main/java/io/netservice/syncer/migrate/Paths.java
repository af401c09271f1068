package io.netservice.syncer.migrate;

import io.netservice.api.NetService;
import io.netservice.api.Predecessor;

/** Where the API server has the objects of both worlds. */
final class Paths {

  static final String ALL_OLD = "/apis/" + Predecessor.API_VERSION + "/" + Predecessor.PLURAL;
  static final String ALL_FRESH = "/apis/" + NetService.API_VERSION + "/netservices";
  static final String ALL_SERVICES = "/api/v1/services";
  static final String ALL_NETWORKS = "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions";

  private Paths() {}

  static String old(String namespace, String name) {
    return in("/apis/" + Predecessor.API_VERSION, namespace, Predecessor.PLURAL) + "/" + name;
  }

  static String oldOnes(String namespace) {
    return in("/apis/" + Predecessor.API_VERSION, namespace, Predecessor.PLURAL);
  }

  static String freshOnes(String namespace) {
    return in("/apis/" + NetService.API_VERSION, namespace, "netservices");
  }

  static String fresh(String namespace, String name) {
    return freshOnes(namespace) + "/" + name;
  }

  static String services(String namespace) {
    return in("/api/v1", namespace, "services");
  }

  static String service(String namespace, String name) {
    return services(namespace) + "/" + name;
  }

  static String endpoints(String namespace, String name) {
    return in("/api/v1", namespace, "endpoints") + "/" + name;
  }

  static String slices(String namespace) {
    return in("/apis/discovery.k8s.io/v1", namespace, "endpointslices");
  }

  static String slice(String namespace, String name) {
    return slices(namespace) + "/" + name;
  }

  private static String in(String api, String namespace, String plural) {
    return api + "/namespaces/" + namespace + "/" + plural;
  }
}
