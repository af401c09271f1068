package io.netservice.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.network.NetworkName;
import io.netservice.webhook.admission.LookupException;
import io.netservice.webhook.admission.NetworkLookup;
import io.netservice.webhook.admission.ServiceLookup;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Looks objects up by the API server: one GET each, without a cache that could be late. */
final class ApiServerLookup implements ServiceLookup, NetworkLookup {

  /**
   * The API server waits 5 s for the webhook: two of these and the answer must fit, or an API
   * server under load would have its objects refused.
   */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ApiClient client;

  /** Looks up by {@code client}, which must give up after {@link #TIMEOUT}. */
  ApiServerLookup(ApiClient client) {
    this.client = client;
  }

  @Override
  public Optional<FoundService> find(String namespace, String name) throws LookupException {
    String path = "/api/v1/namespaces/" + segment(namespace) + "/services/" + segment(name);
    try {
      Optional<byte[]> service = get(path);
      return service.isEmpty()
          ? Optional.empty()
          : Optional.of(new FoundService(controller(service.get())));
    } catch (KubernetesClientException | IOException e) {
      throw new LookupException("get Service " + namespace + "/" + name, e);
    }
  }

  private static Optional<OwnerReference> controller(byte[] service) throws IOException {
    for (JsonNode owner : MAPPER.readTree(service).path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return Optional.of(MAPPER.treeToValue(owner, OwnerReference.class));
      }
    }
    return Optional.empty();
  }

  /** Without the CustomResourceDefinition there is no such network either. */
  @Override
  public boolean exists(NetworkName network) throws LookupException {
    String path =
        "/apis/k8s.cni.cncf.io/v1/namespaces/"
            + segment(network.namespace())
            + "/network-attachment-definitions/"
            + segment(network.name());
    try {
      return get(path).isPresent();
    } catch (KubernetesClientException e) {
      throw new LookupException("get NetworkAttachmentDefinition " + network, e);
    }
  }

  /** The metadata of what is at {@code path}, empty if nothing is. */
  private Optional<byte[]> get(String path) {
    try {
      return Optional.of(client.get(path, ApiServer.METADATA));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A name as it was sent, so that it is one step of a path and no other, whatever it is. */
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace(".", "%2E");
  }
}
