package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Set;

/**
 * One line of a watch, read in one pass without a tree (metav1.WatchEvent).
 *
 * @param type what happened
 * @param item the object; null for bookmarks and errors
 * @param resourceVersion from where a watch can go on; empty for errors
 * @param initialEnd whether this bookmark ends the initial events (KEP-3157)
 * @param code the HTTP code of an error, otherwise 0
 * @param message the text of an error
 */
record WatchEvent<T>(
    Type type, Item<T> item, String resourceVersion, boolean initialEnd, int code, String message) {

  /** What an event tells. */
  enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK,
    ERROR
  }

  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";
  private static final Set<String> METADATA = Set.of("metadata");

  /** Reads one line. */
  static <T> WatchEvent<T> read(byte[] buffer, int offset, int length, Item.Decoder<T> decoder)
      throws IOException {
    try (JsonParser json = JSON.createParser(buffer, offset, length)) {
      Json.open(json);
      Type type = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("type")) {
          type = type(json.getText());
        } else if (field.equals("object") && type != null) {
          return object(type, json, decoder);
        } else {
          json.skipChildren();
        }
      }
      throw new IOException("an event of a watch has no object behind its type");
    }
  }

  private static Type type(String text) throws IOException {
    try {
      return Type.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("a watch sent an event of type " + text, e);
    }
  }

  private static <T> WatchEvent<T> object(Type type, JsonParser json, Item.Decoder<T> decoder)
      throws IOException {
    return switch (type) {
      case BOOKMARK -> bookmark(json);
      case ERROR -> error(json);
      default -> {
        Item<T> item = decoder.read(json);
        yield new WatchEvent<>(type, item, item.resourceVersion(), false, 0, "");
      }
    };
  }

  private static <T> WatchEvent<T> bookmark(JsonParser json) throws IOException {
    String version = "";
    boolean end = false;
    while (Json.nextField(json, METADATA)) {
      while (Json.nextField(json, Set.of("resourceVersion", "annotations"))) {
        if (json.currentName().equals("resourceVersion")) {
          version = json.getText();
        } else {
          while (Json.nextField(json, Set.of(INITIAL_EVENTS_END))) {
            end = json.getText().equals("true");
          }
        }
      }
    }
    return new WatchEvent<>(Type.BOOKMARK, null, version, end, 0, "");
  }

  private static <T> WatchEvent<T> error(JsonParser json) throws IOException {
    int code = 0;
    String message = "";
    while (Json.nextField(json, Set.of("code", "message"))) {
      if (json.currentName().equals("code")) {
        code = json.getIntValue();
      } else {
        message = json.getText();
      }
    }
    return new WatchEvent<>(Type.ERROR, null, "", false, code, message);
  }
}
