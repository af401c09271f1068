package io.netservice.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.network.NetworkName;
import io.netservice.validation.NetServiceRules;
import java.util.Optional;

/**
 * The part of an AdmissionReview's request that is looked at. The objects are the raw ones, with
 * every field that the API server sent.
 *
 * @param uid identifies the request
 * @param operation what is done
 * @param kind {@code group/version/kind} of the object
 * @param subResource empty for the object itself
 * @param namespace of the object
 * @param object what is to be stored; missing unless the operation stores
 * @param oldObject what is stored now; missing unless there is one
 */
record AdmissionRequest(
    String uid,
    Operation operation,
    String kind,
    String subResource,
    String namespace,
    JsonNode object,
    JsonNode oldObject) {

  /** Of a namespace and an object. */
  private static final int LONGEST_KEY = 63 + 1 + 253;

  /** {@code namespace/name} as it was sent, cut where no name is so long; for a person to read. */
  String key() {
    String name = object.path("metadata").path("name").asText();
    String key = namespace + "/" + name;
    return key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) + "..." : key;
  }

  /** Whether the object only waits for its finalizers: it must be possible to take them away. */
  boolean isBeingDeleted() {
    return !object.path("metadata").path("deletionTimestamp").asText().isEmpty();
  }

  /**
   * Whether an update leaves the specification as it is. A network is the same with and without the
   * namespace that it has anyhow: an object that was applied with a bare name is stored with a
   * qualified one, and comes here bare when it is applied again.
   */
  boolean keepsSpec() {
    return operation == Operation.UPDATE && qualifiedSpec(object).equals(qualifiedSpec(oldObject));
  }

  /**
   * The network of {@code netService} with its namespace; empty where it has one already, or none
   * can be put in front of what is there.
   */
  Optional<String> qualifiedNetwork(JsonNode netService) {
    JsonNode network = netService.path("spec").path("netAttachDef");
    if (!network.isTextual()
        || network.textValue().indexOf('/') >= 0
        || !NetServiceRules.isNetAttachDef(network.textValue())
        || namespace.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(NetworkName.parse(network.textValue(), namespace).toString());
  }

  private JsonNode qualifiedSpec(JsonNode netService) {
    JsonNode spec = netService.path("spec");
    Optional<String> network = qualifiedNetwork(netService);
    if (network.isEmpty()) {
      return spec;
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    copy.setAll((ObjectNode) spec);
    return copy.put("netAttachDef", network.get());
  }
}
