package io.netservice.bench.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads watch events of EndpointSlices and Endpoints, and of these what tells which pods are shown.
 * One thread at a time.
 */
final class EventParser {

  private static final JsonFactory JSON = new JsonFactory();

  private final Publication publication;
  private String namespace;
  private String name;
  private String service;
  private String manager;
  private int[] pods = new int[1024];
  private boolean[] ready = new boolean[1024];
  private int count;

  EventParser(Publication publication) {
    this.publication = publication;
  }

  /**
   * What the object of an event shows; empty for an object that another manager made.
   *
   * @throws BenchException if it is no event of an object, such as an error of the watch
   */
  Optional<Shown> parse(byte[] event) {
    namespace = null;
    name = null;
    service = null;
    manager = null;
    count = 0;
    String type = null;
    try (JsonParser json = JSON.createParser(event)) {
      enter(json);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("type")) {
          type = json.getText();
        } else if (field.equals("object")) {
          object(json);
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new BenchException("an event is no JSON: " + e, e);
    }
    if (name == null || type == null || type.equals("ERROR")) {
      throw new BenchException(
          "the watch says: "
              + new String(event, 0, Math.min(500, event.length), StandardCharsets.UTF_8));
    }
    if (manager != null && !manager.equals(publication.manager())) {
      return Optional.empty();
    }
    // Endpoints have the name of their Service.
    String owner = service == null ? name : service;
    Shown shown =
        new Shown(
            namespace + "/" + name,
            namespace + "/" + owner,
            Arrays.copyOf(pods, count),
            Arrays.copyOf(ready, count));
    return Optional.of(type.equals("DELETED") ? shown.emptied() : shown);
  }

  private static void enter(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("an object was expected");
    }
  }

  private void object(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "metadata" -> metadata(json);
        case "endpoints" -> endpoints(json);
        case "subsets" -> subsets(json);
        default -> json.skipChildren();
      }
    }
  }

  private void metadata(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "namespace" -> namespace = json.getText();
        case "name" -> name = json.getText();
        case "labels" -> labels(json);
        default -> json.skipChildren();
      }
    }
  }

  private void labels(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String label = json.currentName();
      json.nextToken();
      if (label.equals("kubernetes.io/service-name")) {
        service = json.getText();
      } else if (label.equals("endpointslice.kubernetes.io/managed-by")) {
        manager = json.getText();
      }
    }
  }

  private void endpoints(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String address = null;
      boolean isReady = true;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("addresses")) {
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            // Consumers read the first alone.
            address = address == null ? json.getText() : address;
          }
        } else if (field.equals("conditions")) {
          isReady = readyCondition(json);
        } else {
          json.skipChildren();
        }
      }
      add(address, isReady);
    }
  }

  private static boolean readyCondition(JsonParser json) throws IOException {
    boolean result = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("ready")) {
        result = json.currentToken() != JsonToken.VALUE_FALSE;
      }
    }
    return result;
  }

  private void subsets(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "addresses" -> addresses(json, true);
          case "notReadyAddresses" -> addresses(json, false);
          default -> json.skipChildren();
        }
      }
    }
  }

  private void addresses(JsonParser json, boolean isReady) throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String address = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("ip")) {
          address = json.getText();
        } else {
          json.skipChildren();
        }
      }
      add(address, isReady);
    }
  }

  private void add(String address, boolean isReady) {
    if (count == pods.length) {
      pods = Arrays.copyOf(pods, 2 * count);
      ready = Arrays.copyOf(ready, 2 * count);
    }
    pods[count] = address == null ? -1 : publication.network().pod(address);
    ready[count] = isReady;
    count++;
  }
}
