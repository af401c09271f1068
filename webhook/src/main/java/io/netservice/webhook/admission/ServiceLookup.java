package io.netservice.webhook.admission;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Optional;

/** Asks for Services. */
public interface ServiceLookup {

  /**
   * The Service of that name, empty if there is none.
   *
   * @throws LookupException if it can't be known
   */
  Optional<FoundService> find(String namespace, String name) throws LookupException;

  /**
   * A Service that exists.
   *
   * @param controller the object that it belongs to, if it belongs to one
   */
  record FoundService(Optional<OwnerReference> controller) {}
}
