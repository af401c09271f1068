package io.netservice.webhook.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.netservice.api.NetService;
import io.netservice.validation.Violation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads strictly: no key twice, no value taken for one of another type, nothing behind the end. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              config -> {
                config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
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

  /**
   * The NetService that {@code object} is, without its status.
   *
   * @throws WrongTypeException if a field has a value of another type
   */
  static NetService netService(JsonNode object) throws WrongTypeException {
    JsonNode wanted = object;
    if (object instanceof ObjectNode fields) {
      ObjectNode copy = fields.objectNode();
      copy.setAll(fields);
      copy.remove("status");
      wanted = copy;
    }
    try {
      return MAPPER.treeToValue(wanted, NetService.class);
    } catch (JsonProcessingException e) {
      throw new WrongTypeException(wrongType(object, e));
    }
  }

  private static String wrongType(JsonNode object, JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping)) {
      return "object: " + reason(e);
    }
    StringBuilder field = new StringBuilder();
    JsonNode value = object;
    for (JsonMappingException.Reference step : mapping.getPath()) {
      if (step.getFieldName() == null) {
        field.append('[').append(step.getIndex()).append(']');
        value = value.path(step.getIndex());
      } else {
        field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
        value = value.path(step.getFieldName());
      }
    }
    return new Violation(field.isEmpty() ? "object" : field.toString(), show(value), accepted(e))
        .message();
  }

  private static String show(JsonNode value) {
    if (value.isMissingNode()) {
      return "";
    }
    if (value.isContainerNode()) {
      return value.isArray() ? "[...]" : "{...}";
    }
    return value.isTextual() ? Violation.show(value.textValue()) : bounded(value.asText());
  }

  /** A number as it was sent may have very many digits. */
  private static String bounded(String literal) {
    return literal.length() <= 64 ? literal : literal.substring(0, 64) + "...";
  }

  private static String accepted(JsonProcessingException e) {
    if (e.getCause() instanceof InputCoercionException) {
      return "must be a whole number within its bounds";
    }
    Class<?> type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
    if (type == null) {
      return "must be of the type that the API has and must not hold null";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(", ", "must be one of ", ""));
    }
    if (type == String.class) {
      return "must be a string";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "must be a whole number";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "must be a list";
    }
    return Map.class.isAssignableFrom(type) || !type.getName().startsWith("java.")
        ? "must be an object"
        : "must be of the type that the API has";
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

  /** A field has a value of another type. The message names field, value and type. */
  static final class WrongTypeException extends Exception {

    private static final long serialVersionUID = 1;

    WrongTypeException(String message) {
      super(message);
    }
  }
}
