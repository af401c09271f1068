package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Set;

/** Reads lines of a watch, each in one pass without a tree. */
final class JsonEvents {

  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final Set<String> METADATA = Set.of("metadata");
  private static final Set<String> BOOKMARK = Set.of("resourceVersion", "annotations");
  private static final Set<String> END = Set.of(WatchEvent.INITIAL_EVENTS_END);
  private static final Set<String> ERROR = Set.of("code", "message");

  private JsonEvents() {}

  /** Reads one line. */
  static <T> WatchEvent<T> read(byte[] buffer, int offset, int length, Item.Decoder<T> decoder)
      throws IOException {
    try (JsonParser json = JSON.createParser(buffer, offset, length)) {
      Json.open(json);
      WatchEvent.Type type = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("type")) {
          type = WatchEvent.type(json.getText());
        } else if (field.equals("object") && type != null) {
          return object(type, json, decoder);
        } else {
          json.skipChildren();
        }
      }
      throw new IOException("an event of a watch has no object behind its type");
    }
  }

  private static <T> WatchEvent<T> object(
      WatchEvent.Type type, JsonParser json, Item.Decoder<T> decoder) throws IOException {
    return switch (type) {
      case BOOKMARK -> bookmark(json);
      case ERROR -> error(json);
      default -> WatchEvent.of(type, decoder.read(json));
    };
  }

  private static <T> WatchEvent<T> bookmark(JsonParser json) throws IOException {
    String version = "";
    boolean end = false;
    while (Json.nextField(json, METADATA)) {
      while (Json.nextField(json, BOOKMARK)) {
        if (json.currentName().equals("resourceVersion")) {
          version = json.getText();
        } else {
          while (Json.nextField(json, END)) {
            end = json.getText().equals("true");
          }
        }
      }
    }
    return WatchEvent.bookmark(version, end);
  }

  private static <T> WatchEvent<T> error(JsonParser json) throws IOException {
    int code = 0;
    String message = "";
    while (Json.nextField(json, ERROR)) {
      if (json.currentName().equals("code")) {
        code = json.getIntValue();
      } else {
        message = json.getText();
      }
    }
    return WatchEvent.error(code, message);
  }
}
