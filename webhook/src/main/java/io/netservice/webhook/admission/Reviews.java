package io.netservice.webhook.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.validation.Violation;
import java.util.List;

/**
 * AdmissionReview of {@code admission.k8s.io/v1} as JSON:
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
final class Reviews {

  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";

  /** How the API server itself answers an object that is not valid. */
  private static final int UNPROCESSABLE_ENTITY = 422;

  /** The API server cuts longer warnings, in the middle of a word. */
  private static final int WARNING_MAX = 256;

  private Reviews() {}

  static AdmissionRequest read(byte[] document) throws BadReviewException {
    JsonNode review = Json.read(document);
    if (!review.isObject()
        || !review.path("kind").asText().equals(KIND)
        || !review.path("apiVersion").asText().equals(API_VERSION)) {
      throw new BadReviewException("must be an AdmissionReview of " + API_VERSION);
    }
    JsonNode request = review.path("request");
    if (!request.isObject()) {
      throw new BadReviewException("request: must be an object");
    }
    String uid = text(request, "uid");
    if (uid.isEmpty()) {
      throw new BadReviewException("request.uid: must be given");
    }
    Operation operation = operation(text(request, "operation"));
    JsonNode object = request.path("object");
    if (operation.stores() && !object.isObject()) {
      throw new BadReviewException("request.object: must be an object");
    }
    return new AdmissionRequest(
        uid,
        operation,
        kind(request.path("kind")),
        text(request, "subResource"),
        text(request, "namespace"),
        object,
        request.path("oldObject"));
  }

  static byte[] write(AdmissionRequest request, Decision decision) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("kind", KIND).put("apiVersion", API_VERSION);
    ObjectNode response = review.putObject("response").put("uid", request.uid());
    response.put("allowed", !(decision instanceof Decision.Denied));
    if (decision instanceof Decision.Denied denied) {
      response
          .putObject("status")
          .put("status", "Failure")
          .put("code", UNPROCESSABLE_ENTITY)
          .put("reason", "Invalid")
          .put("message", denied.message());
    } else if (decision instanceof Decision.Patched patched) {
      response.put("patchType", "JSONPatch").put("patch", bytes(patch(patched.operations())));
    } else if (decision instanceof Decision.Allowed allowed && !allowed.warnings().isEmpty()) {
      ArrayNode warnings = response.putArray("warnings");
      allowed.warnings().forEach(warning -> warnings.add(cut(warning)));
    }
    return bytes(review);
  }

  private static ArrayNode patch(List<Decision.Replace> operations) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    for (Decision.Replace operation : operations) {
      patch
          .addObject()
          .put("op", "replace")
          .put("path", operation.path())
          .set("value", operation.value());
    }
    return patch;
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return Json.MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can't be written", e);
    }
  }

  private static Operation operation(String text) throws BadReviewException {
    for (Operation operation : Operation.values()) {
      if (operation.name().equals(text)) {
        return operation;
      }
    }
    throw new BadReviewException(
        "request.operation: "
            + Violation.show(text)
            + ": must be CREATE, UPDATE, DELETE or CONNECT");
  }

  private static String kind(JsonNode kind) {
    return kind.path("group").asText()
        + "/"
        + kind.path("version").asText()
        + "/"
        + kind.path("kind").asText();
  }

  private static String text(JsonNode request, String field) throws BadReviewException {
    JsonNode value = request.path(field);
    if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
      throw new BadReviewException("request." + field + ": must be a string");
    }
    return value.asText("");
  }

  private static String cut(String warning) {
    return warning.length() <= WARNING_MAX
        ? warning
        : warning.substring(0, WARNING_MAX - 3) + "...";
  }
}
