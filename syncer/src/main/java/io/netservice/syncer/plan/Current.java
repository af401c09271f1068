package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/**
 * What exists in the name of a NetService.
 *
 * @param service the Service of its name, whoever controls it
 * @param endpoints the Endpoints of its name, if the NetService's
 * @param slices the EndpointSlices of the NetService
 * @param foreign an object in the way which the watches don't show, in words
 */
public record Current(
    Optional<Service> service,
    Optional<Endpoints> endpoints,
    List<EndpointSlice> slices,
    Optional<String> foreign) {

  public Current {
    slices = List.copyOf(slices);
  }

  /** Nothing. */
  public static Current none() {
    return new Current(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }
}
