package io.netservice.runtime;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Each event as one line of JSON: {@code time}, {@code level}, {@code logger}, {@code thread},
 * {@code message}, then what the line says as values, such as {@code netservice}, {@code object}
 * and {@code millis}, then {@code error} with a stack trace. Logback's own encoder puts such values
 * into lists of lists and the time into milliseconds, which few tools search well.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator to = JSON.createGenerator(line)) {
      to.writeStartObject();
      to.writeStringField("time", event.getInstant().toString());
      to.writeStringField("level", event.getLevel().toString());
      to.writeStringField("logger", event.getLoggerName());
      to.writeStringField("thread", event.getThreadName());
      to.writeStringField("message", event.getFormattedMessage());
      for (Map.Entry<String, String> each : event.getMDCPropertyMap().entrySet()) {
        to.writeStringField(each.getKey(), each.getValue());
      }
      List<KeyValuePair> values = event.getKeyValuePairs();
      for (KeyValuePair each : values == null ? List.<KeyValuePair>of() : values) {
        if (each.value instanceof Number number) {
          to.writeNumberField(each.key, number.doubleValue());
        } else {
          to.writeStringField(each.key, String.valueOf(each.value));
        }
      }
      if (event.getThrowableProxy() != null) {
        to.writeStringField("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      to.writeEndObject();
      to.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e); // There is none in memory.
    }
    return line.toByteArray();
  }
}
