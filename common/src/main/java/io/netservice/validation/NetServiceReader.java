package io.netservice.validation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads what people have written, before the API server's schema has looked at it: takes no value
 * for one of another type, and says of one which would be right. What the rules say of the values
 * is asked of {@link NetServiceRules}. May be used from any thread.
 */
public final class NetServiceReader {

  /** Passes over fields that it doesn't know: the API server may know a newer version. */
  public static final NetServiceReader LENIENT = new NetServiceReader(mapper());

  /** Refuses fields that it doesn't know, as {@code kubectl apply} has the API server do. */
  public static final NetServiceReader STRICT =
      new NetServiceReader(
          mapper()
              .rebuild()
              .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .addMixIn(NetService.class, Strict.class)
              .addMixIn(NetServiceSpec.class, Strict.class)
              .addMixIn(NetServicePort.class, Strict.class)
              .build());

  /** The classes are lenient by themselves, for whoever reads what an API server stores. */
  @JsonIgnoreProperties(ignoreUnknown = false)
  private interface Strict {}

  private final JsonMapper mapper;

  private NetServiceReader(JsonMapper mapper) {
    this.mapper = mapper;
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder()
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
  }

  /**
   * The NetService that {@code object} is, without its status.
   *
   * @throws MisfitException if a field has a value of another type, or is none of the API
   */
  public NetService read(JsonNode object) throws MisfitException {
    JsonNode wanted = object;
    if (object instanceof ObjectNode fields) {
      ObjectNode copy = fields.objectNode();
      copy.setAll(fields);
      copy.remove("status");
      wanted = copy;
    }
    try {
      return mapper.treeToValue(wanted, NetService.class);
    } catch (JsonMappingException e) {
      throw new MisfitException(misfit(object, e));
    } catch (JsonProcessingException e) {
      throw new MisfitException("object: " + e.getOriginalMessage());
    }
  }

  private static String misfit(JsonNode object, JsonMappingException e) {
    StringBuilder field = new StringBuilder();
    JsonNode value = object;
    for (JsonMappingException.Reference step : e.getPath()) {
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

  private static String accepted(JsonMappingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return unknown.getKnownPropertyIds().stream()
          .map(Object::toString)
          .sorted()
          .collect(Collectors.joining(", ", "must not be there, fields are ", ""));
    }
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

  /** An object does not fit the API. The message names the field, its value and what would. */
  public static final class MisfitException extends Exception {

    private static final long serialVersionUID = 1;

    private MisfitException(String message) {
      super(message);
    }
  }
}
