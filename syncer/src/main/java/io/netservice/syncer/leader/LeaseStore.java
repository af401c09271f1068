package io.netservice.syncer.leader;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/**
 * Where the Lease is. Each call is one request and throws {@link KubernetesClientException} if that
 * fails, with code 409 if the Lease was changed or made by somebody else meanwhile.
 */
interface LeaseStore {

  /** The Lease, empty if there is none. */
  Optional<LeaseRecord> read();

  /** Makes the Lease, and gives it as it is now. */
  LeaseRecord create(LeaseRecord wanted);

  /** Replaces the Lease of {@code wanted}'s resourceVersion, and gives it as it is now. */
  LeaseRecord update(LeaseRecord wanted);
}
