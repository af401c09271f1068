package io.netservice.syncer.leader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.http.ApiClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * A Lease of the API server, of {@code coordination.k8s.io/v1}. What others have written into it,
 * as labels, stays.
 *
 * <p>For one thread.
 */
public final class ApiLease implements LeaseStore {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final byte[] NOTHING = {};

  private final ApiClient client;
  private final String collection;
  private final String namespace;
  private final String name;

  /** As it was answered last, with all that others have put into it. */
  private ObjectNode known = MAPPER.createObjectNode();

  /**
   * The Lease {@code namespace/name}, which need not exist.
   *
   * @param client used for nothing else, so that no request for the Lease waits
   */
  public ApiLease(ApiClient client, String namespace, String name) {
    this.client = client;
    this.collection = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    this.namespace = namespace;
    this.name = name;
  }

  @Override
  public Optional<LeaseRecord> read() {
    try {
      return Optional.of(
          answered(client.send("GET", collection + "/" + name, ApiClient.JSON, NOTHING)));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public LeaseRecord create(LeaseRecord wanted) {
    known = MAPPER.createObjectNode();
    return answered(client.send("POST", collection, ApiClient.JSON, lease(wanted)));
  }

  @Override
  public LeaseRecord update(LeaseRecord wanted) {
    return answered(client.send("PUT", collection + "/" + name, ApiClient.JSON, lease(wanted)));
  }

  private byte[] lease(LeaseRecord wanted) {
    ObjectNode lease = known.deepCopy();
    lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    ObjectNode metadata = lease.withObjectProperty("metadata");
    metadata.put("namespace", namespace).put("name", name);
    if (!wanted.resourceVersion().isEmpty()) {
      metadata.put("resourceVersion", wanted.resourceVersion());
    }
    lease
        .withObjectProperty("spec")
        .put("holderIdentity", wanted.holder())
        .put("leaseDurationSeconds", wanted.durationSeconds())
        .put("acquireTime", wanted.acquireTime())
        .put("renewTime", wanted.renewTime())
        .put("leaseTransitions", wanted.transitions());
    try {
      return MAPPER.writeValueAsBytes(lease);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private LeaseRecord answered(byte[] answer) {
    JsonNode lease;
    try {
      lease = MAPPER.readTree(answer);
    } catch (IOException e) {
      throw unreadable(e.getMessage(), e);
    }
    if (!(lease instanceof ObjectNode object)) {
      throw unreadable("it is no object", null);
    }
    known = object;
    JsonNode spec = lease.path("spec");
    return new LeaseRecord(
        spec.path("holderIdentity").asText(""),
        spec.path("leaseDurationSeconds").asInt(0),
        spec.path("acquireTime").asText(""),
        spec.path("renewTime").asText(""),
        spec.path("leaseTransitions").asInt(0),
        lease.path("metadata").path("resourceVersion").asText(""));
  }

  private KubernetesClientException unreadable(String why, IOException cause) {
    return new KubernetesClientException(
        "Lease " + namespace + "/" + name + ": the answer can't be read: " + why, cause);
  }
}
