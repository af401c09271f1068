package io.netservice.syncer.migrate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.http.ApiClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Objects of the API server as JSON. What it refuses is a {@link KubernetesClientException}. */
final class ApiObjects {

  static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final int PAGE = 100;

  private final ApiClient client;

  ApiObjects(ApiClient client) {
    this.client = client;
  }

  /** The object at {@code path}, empty if there is none. */
  Optional<JsonNode> get(String path) {
    try {
      return Optional.of(read(path, client.get(path, ApiClient.JSON)));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The objects of a collection; empty if there is no such collection.
   *
   * @param labels a label selector, empty for all
   */
  Optional<List<JsonNode>> list(String path, String labels) {
    List<JsonNode> items = new ArrayList<>();
    String next = "";
    do {
      Optional<JsonNode> page =
          get(
              path
                  + "?limit="
                  + PAGE
                  + (labels.isEmpty() ? "" : "&labelSelector=" + encoded(labels))
                  + (next.isEmpty() ? "" : "&continue=" + encoded(next)));
      if (page.isEmpty()) {
        return Optional.empty();
      }
      page.get().path("items").forEach(items::add);
      next = page.get().path("metadata").path("continue").asText();
    } while (!next.isEmpty());
    return Optional.of(items);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Creates an object in a collection; one that is there by now is left as it is. */
  void create(String path, JsonNode object) {
    try {
      client.send("POST", path, ApiClient.JSON, bytes(object));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /**
   * Merges {@code change} into the metadata of {@code object}, as it is known.
   *
   * @return false if it has changed meanwhile
   */
  boolean patchMetadata(String path, JsonNode object, ObjectNode change) {
    change.put("uid", object.path("metadata").path("uid").asText());
    change.put("resourceVersion", object.path("metadata").path("resourceVersion").asText());
    try {
      client.send(
          "PATCH",
          path,
          ApiClient.MERGE_PATCH,
          bytes(MAPPER.createObjectNode().set("metadata", change)));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Deletes {@code object}, if it is still there.
   *
   * @param propagation what becomes of what it owns: Background or Orphan
   */
  void delete(String path, JsonNode object, String propagation) {
    ObjectNode options = MAPPER.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.put("propagationPolicy", propagation);
    options.putObject("preconditions").put("uid", object.path("metadata").path("uid").asText());
    try {
      client.send("DELETE", path, ApiClient.JSON, bytes(options));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /** The object of {@code type} that {@code json} describes. */
  static <T> T as(Class<T> type, JsonNode json) {
    try {
      return MAPPER.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** The object that {@code text} is. */
  static JsonNode parsed(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static JsonNode read(String path, byte[] answer) {
    try {
      return MAPPER.readTree(answer);
    } catch (IOException e) {
      throw new KubernetesClientException(path + ": the answer can't be read: " + e, e);
    }
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
