package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A page of a list.
 *
 * @param items its objects
 * @param resourceVersion from where a watch goes on
 * @param next what to ask for the next page with, empty if this is the last
 */
record ListPage<T>(List<Item<T>> items, String resourceVersion, String next) {

  private static final Set<String> PARTS = Set.of("metadata", "items");
  private static final Set<String> METADATA = Set.of("resourceVersion", "continue");

  static <T> ListPage<T> read(byte[] text, Item.Decoder<T> decoder) throws IOException {
    List<Item<T>> items = new ArrayList<>();
    String version = "";
    String next = "";
    try (JsonParser json = WatchEvent.JSON.createParser(text)) {
      Json.open(json);
      while (Json.nextField(json, PARTS)) {
        if (json.currentName().equals("items")) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            items.add(decoder.read(json));
          }
        } else {
          while (Json.nextField(json, METADATA)) {
            if (json.currentName().equals("continue")) {
              next = json.getText();
            } else {
              version = json.getText();
            }
          }
        }
      }
    }
    return new ListPage<>(items, version, next);
  }
}
