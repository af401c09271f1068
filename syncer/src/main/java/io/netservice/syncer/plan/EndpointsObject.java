package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Objects;

/** An Endpoints ({@code v1}), for clients that do not read slices. */
public record EndpointsObject(ObjectMeta metadata, List<Subset> subsets) implements OwnedObject {

  public static final String KIND = "Endpoints";

  public EndpointsObject {
    subsets = List.copyOf(subsets);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int size() {
    return subsets.stream().mapToInt(each -> each.ready.size() + each.notReady.size()).sum();
  }

  @Override
  public EndpointsObject with(ObjectMeta other) {
    return new EndpointsObject(other, subsets);
  }

  /**
   * Addresses with the same ports.
   *
   * @param ports in {@link SlicePort#ORDER}
   */
  public record Subset(List<SlicePort> ports, List<Address> ready, List<Address> notReady) {
    public Subset {
      ports = List.copyOf(ports);
      ready = List.copyOf(ready);
      notReady = List.copyOf(notReady);
    }
  }

  /**
   * An address. A text is empty where the API has none.
   *
   * @param pod what {@code targetRef} refers to, null for nothing
   */
  public record Address(String ip, String hostname, String nodeName, PodRef pod) {

    /** As generated, but compiled well by a JVM that keeps to its quick compiler. */
    @Override
    public boolean equals(Object object) {
      return this == object
          || (object instanceof Address other
              && ip.equals(other.ip)
              && hostname.equals(other.hostname)
              && nodeName.equals(other.nodeName)
              && Objects.equals(pod, other.pod));
    }

    @Override
    public int hashCode() {
      return ip.hashCode();
    }
  }
}
