package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A family of IP addresses; also the {@code addressType} of an EndpointSlice. */
public enum IpFamily {
  @JsonProperty("IPv4")
  IPV4("IPv4"),
  @JsonProperty("IPv6")
  IPV6("IPv6");

  private final String value;

  IpFamily(String value) {
    this.value = value;
  }

  /** The value as Kubernetes writes it. */
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
