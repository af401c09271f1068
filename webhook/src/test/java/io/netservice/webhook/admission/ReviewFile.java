package io.netservice.webhook.admission;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An AdmissionReview of the test resources, shaped as kube-apiserver sends it, and variants. */
final class ReviewFile {

  private final ObjectNode review;

  private ReviewFile(ObjectNode review) {
    this.review = review;
  }

  static ReviewFile review(String name) {
    try (InputStream file = ReviewFile.class.getResourceAsStream("/reviews/" + name + ".json")) {
      return new ReviewFile((ObjectNode) Json.MAPPER.readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with {@code json} at {@code pointer}, below {@code request}. */
  ReviewFile with(String pointer, String json) {
    try {
      JsonPointer path = JsonPointer.compile("/request" + pointer);
      JsonNode parent = review.at(path.head());
      JsonNode value = Json.MAPPER.readTree(json);
      String last = path.last().getMatchingProperty();
      if (parent instanceof ArrayNode array) {
        array.set(Integer.parseInt(last), value);
      } else {
        ((ObjectNode) parent).set(last, value);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ReviewFile spec(String json) {
    return with("/object/spec", json);
  }

  byte[] bytes() {
    return review.toString().getBytes(StandardCharsets.UTF_8);
  }
}
