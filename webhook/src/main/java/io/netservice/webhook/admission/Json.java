package io.netservice.webhook.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Reads documents strictly: no key twice, nothing behind the end. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * Reads a document.
   *
   * @throws BadReviewException if it is no JSON, has a key twice or is nested too deep
   */
  static JsonNode read(byte[] document) throws BadReviewException {
    try {
      return MAPPER.readTree(document);
    } catch (JsonProcessingException e) {
      throw new BadReviewException("not JSON: " + reason(e));
    } catch (IOException e) {
      throw new BadReviewException("not JSON: " + oneLine(String.valueOf(e.getMessage())));
    }
  }

  private static String reason(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")";
    return oneLine(String.valueOf(e.getOriginalMessage())) + where;
  }

  /** What a parser says may quote what it read. */
  private static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ");
    return line.length() <= 300 ? line : line.substring(0, 300) + "...";
  }
}
