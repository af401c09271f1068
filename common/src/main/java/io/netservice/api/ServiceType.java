package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What kind of Service a NetService makes. */
public enum ServiceType {
  /** The name resolves to the addresses of the pods; there is no cluster IP. */
  @JsonProperty("Headless")
  HEADLESS("Headless"),
  /** A cluster IP that kube-proxy forwards to the addresses of the pods. */
  @JsonProperty("ClusterIP")
  CLUSTER_IP("ClusterIP"),
  /** A cluster IP and what a load balancer of the cluster gives. */
  @JsonProperty("LoadBalancer")
  LOAD_BALANCER("LoadBalancer");

  private final String value;

  ServiceType(String value) {
    this.value = value;
  }

  /** The value as written in an object. */
  public String value() {
    return value;
  }

  /**
   * The {@code spec.type} of the Service: a headless one is a ClusterIP Service without address.
   */
  public String serviceType() {
    return this == LOAD_BALANCER ? LOAD_BALANCER.value : CLUSTER_IP.value;
  }

  @Override
  public String toString() {
    return value;
  }
}
