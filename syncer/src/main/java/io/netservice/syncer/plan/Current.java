package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What exists in the name of a NetService.
 *
 * @param service the Service of its name, whoever controls it
 * @param endpoints the Endpoints of its name, if the NetService's
 * @param slices the EndpointSlices of the NetService
 * @param foreign an object in the way which the watches don't show, in words
 * @param replaced the Service that was deleted to make room for one that it could not become
 * @param networkMissing whether it is known that there is no such network
 */
public record Current(
    Optional<Service> service,
    Optional<EndpointsObject> endpoints,
    List<SliceObject> slices,
    Optional<String> foreign,
    Optional<Service> replaced,
    boolean networkMissing) {

  public Current {
    slices = List.copyOf(slices);
  }

  /** What exists, with no Service that is being replaced. */
  public Current(
      Optional<Service> service,
      Optional<EndpointsObject> endpoints,
      List<SliceObject> slices,
      Optional<String> foreign) {
    this(service, endpoints, slices, foreign, Optional.empty(), false);
  }

  /** The same, with {@code service} to be made anew in another form. */
  public Current replacing(Optional<Service> service) {
    return new Current(this.service, endpoints, slices, foreign, service, networkMissing);
  }

  /** The same, with another Service or none. */
  public Current withService(Optional<Service> other) {
    return new Current(other, endpoints, slices, foreign, replaced, networkMissing);
  }

  /** The same, with its network there or not. */
  public Current networkMissing(boolean isMissing) {
    return new Current(service, endpoints, slices, foreign, replaced, isMissing);
  }

  /** The labels of the Service, which its slices and Endpoints share. */
  Map<String, String> serviceLabels() {
    return service.map(s -> s.getMetadata().getLabels()).orElse(Map.of());
  }
}
