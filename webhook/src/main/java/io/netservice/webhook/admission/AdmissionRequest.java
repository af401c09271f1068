package io.netservice.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;

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

  /** Whether the object only waits for its finalizers: it must be possible to take them away. */
  boolean isBeingDeleted() {
    return !object.path("metadata").path("deletionTimestamp").asText().isEmpty();
  }

  /** Whether an update leaves the specification as it is. */
  boolean keepsSpec() {
    return operation == Operation.UPDATE && object.path("spec").equals(oldObject.path("spec"));
  }
}
