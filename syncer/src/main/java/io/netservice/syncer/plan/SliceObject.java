package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/**
 * An EndpointSlice ({@code discovery.k8s.io/v1}).
 *
 * @param addressType {@code IPv4}, {@code IPv6}, or another that is never published here
 * @param ports its ports, in {@link SlicePort#ORDER}
 */
public record SliceObject(
    ObjectMeta metadata, String addressType, List<SlicePort> ports, List<SliceEndpoint> endpoints)
    implements OwnedObject {

  public static final String KIND = "EndpointSlice";

  public SliceObject {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int size() {
    return endpoints.size();
  }

  @Override
  public SliceObject with(ObjectMeta other) {
    return new SliceObject(other, addressType, ports, endpoints);
  }

  String name() {
    return metadata.getName();
  }
}
