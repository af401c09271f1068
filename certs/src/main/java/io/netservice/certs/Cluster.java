package io.netservice.certs;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import java.util.Optional;

/** What the bootstrap reads and writes. All methods throw {@link ClusterException}. */
interface Cluster {

  Optional<Secret> secret(String namespace, String name);

  Optional<MutatingWebhookConfiguration> mutating(String name);

  Optional<ValidatingWebhookConfiguration> validating(String name);

  /**
   * Makes the Secret have these data of ours and no others, by server-side apply; what others put
   * there stays. Fails if it isn't as it was read any more; without a resourceVersion, if there is
   * one already.
   */
  void apply(Secret secret);

  /** Writes {@code object}; fails if it isn't as it was read any more. */
  void update(HasMetadata object);
}
