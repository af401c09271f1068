package io.netservice.webhook.admission;

import io.netservice.network.NetworkName;

/** Asks for NetworkAttachmentDefinitions. */
public interface NetworkLookup {

  /**
   * Whether there is a NetworkAttachmentDefinition of that name.
   *
   * @throws LookupException if it can't be known
   */
  boolean exists(NetworkName network) throws LookupException;
}
