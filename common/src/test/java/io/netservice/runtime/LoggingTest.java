package io.netservice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.runtime.Logging.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** What a line looks like. */
class LoggingTest {

  private final LoggerContext loggers = new LoggerContext();
  private final LoggingEvent event = new LoggingEvent();

  LoggingTest() {
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    event.setLoggerContext(loggers);
    event.setLoggerName("io.netservice.syncer.apply.Applier");
    event.setThreadName("reconciler-3");
    event.setLevel(Level.INFO);
    event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
  }

  private String line(Format format) {
    return new String(Logging.encoder(format, loggers).encode(event), StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    String line = line(Format.JSON);
    assertTrue(line.endsWith("}\n") && line.indexOf('\n') == line.length() - 1, line);
    return new ObjectMapper().readTree(line);
  }

  @Test
  void textHasTimeLevelClassAndMessage() {
    event.setMessage("shop/db: updated Service shop/db in 1.5 ms");
    event.addKeyValuePair(new KeyValuePair("millis", 1.5));
    assertEquals(
        "2026-01-02T03:04:05.678Z INFO  Applier: shop/db: updated Service shop/db in 1.5 ms\n",
        line(Format.TEXT));
  }

  @Test
  void whatIsQuotedWritesNoLineOfOursAndDoesNotTalkToATerminal() {
    event.setMessage("refused: \"a\r\n2026-01-01T00:00:00Z ERROR Syncer: all is lost\u001b[2J\"");
    assertEquals(
        "2026-01-02T03:04:05.678Z INFO  Applier: refused: \"a 2026-01-01T00:00:00Z ERROR Syncer:"
            + " all is lost [2J\"\n",
        line(Format.TEXT));
  }

  @Test
  void textHasTheEndOfAStackTrace() {
    event.setMessage("failed");
    event.setThrowableProxy(new ThrowableProxy(new IllegalStateException("why")));
    List<String> lines = line(Format.TEXT).lines().toList();
    assertEquals("java.lang.IllegalStateException: why", lines.get(1));
    assertEquals(2 + 3, lines.size());
  }

  @Test
  void jsonHasWhatTheLineSaysAsValues() throws IOException {
    event.setMDCPropertyMap(Map.of("netservice", "shop/db"));
    event.setMessage("{}: updated");
    event.setArgumentArray(new Object[] {"shop/db"});
    event.setKeyValuePairs(
        List.of(new KeyValuePair("object", "Service shop/db"), new KeyValuePair("millis", 1.5)));
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"time": "2026-01-02T03:04:05.678Z", "level": "INFO",
                 "logger": "io.netservice.syncer.apply.Applier", "thread": "reconciler-3",
                 "message": "shop/db: updated", "netservice": "shop/db",
                 "object": "Service shop/db", "millis": 1.5}
                """),
        json());
  }

  @Test
  void jsonIsOneLineWhateverIsInIt() throws IOException {
    event.setMessage("a\nb \"c\" \u0000");
    event.setThrowableProxy(new ThrowableProxy(new IllegalStateException("two\nlines")));
    JsonNode line = json();
    assertEquals("a\nb \"c\" \u0000", line.path("message").textValue());
    assertTrue(line.path("error").textValue().contains("two\nlines"), line::toString);
    assertTrue(line.path("error").textValue().contains("at io.netservice.runtime.LoggingTest"));
  }
}
