package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/** Steps through JSON that is read for a few fields. */
final class Json {

  private Json() {}

  /** Steps to the opening brace of an object. */
  static void open(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("an object begins with " + json.currentToken());
    }
  }

  /**
   * Steps to the value of the next field that is one of {@code wanted}, and skips all others with
   * what is in them. To be called with {@code json} at the opening brace of an object or at the end
   * of the value of a field; a value that is null is skipped, too.
   *
   * @return false at the closing brace of the object, or at once if there is no object
   */
  static boolean nextField(JsonParser json, Set<String> wanted) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (value != JsonToken.VALUE_NULL && wanted.contains(name)) {
        return true;
      }
      json.skipChildren();
    }
    return false;
  }
}
