package io.netservice.webhook;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.netservice.network.NetworkName;
import io.netservice.webhook.admission.LookupException;
import io.netservice.webhook.admission.NetworkLookup;
import io.netservice.webhook.admission.ServiceLookup;
import java.util.Optional;

/** Looks objects up by the API server: one GET each, without a cache that could be late. */
final class ApiServerLookup implements ServiceLookup, NetworkLookup {

  /**
   * The API server waits 5 s for the webhook: two of these and the answer must fit, or an API
   * server under load would have its objects refused.
   */
  private static final int TIMEOUT_MILLIS = 2_000;

  private static final ResourceDefinitionContext NETWORKS =
      new ResourceDefinitionContext.Builder()
          .withGroup("k8s.cni.cncf.io")
          .withVersion("v1")
          .withKind("NetworkAttachmentDefinition")
          .withPlural("network-attachment-definitions")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;

  /** Looks up by {@code client}, which must be made with {@link #bounded}. */
  ApiServerLookup(KubernetesClient client) {
    this.client = client;
  }

  /** {@code config} with bounds on how long a request may take, without repetition. */
  static Config bounded(Config config) {
    return new ConfigBuilder(config)
        .withConnectionTimeout(TIMEOUT_MILLIS)
        .withRequestTimeout(TIMEOUT_MILLIS)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  @Override
  public Optional<FoundService> find(String namespace, String name) throws LookupException {
    try {
      return Optional.ofNullable(client.services().inNamespace(namespace).withName(name).get())
          .map(service -> new FoundService(controller(service)));
    } catch (KubernetesClientException e) {
      throw new LookupException("get Service " + namespace + "/" + name, e);
    }
  }

  private static Optional<OwnerReference> controller(Service service) {
    return service.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }

  /** Without the CustomResourceDefinition there is no such network either. */
  @Override
  public boolean exists(NetworkName network) throws LookupException {
    try {
      return client
              .genericKubernetesResources(NETWORKS)
              .inNamespace(network.namespace())
              .withName(network.name())
              .get()
          != null;
    } catch (KubernetesClientException e) {
      throw new LookupException("get NetworkAttachmentDefinition " + network, e);
    }
  }
}
