package io.netservice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLimitTest {

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long now = Long.MAX_VALUE - 1_000; // It may run over.
  private final LogLimit limit = new LogLimit(lines, () -> now);

  @BeforeEach
  void start() {
    lines.start();
    limit.setContext(new LoggerContext());
    limit.start();
  }

  private void log(Level level, String message, int times) {
    for (int i = 0; i < times; i++) {
      LoggingEvent event = new LoggingEvent();
      event.setLoggerName("Reconciler");
      event.setLevel(level);
      event.setMessage(message);
      limit.doAppend(event);
    }
  }

  private List<String> take() {
    List<String> messages = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    lines.list.clear();
    return messages;
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void whatComesAtAModeratePaceIsAllTold() {
    for (int second = 0; second < 100; second++) {
      log(Level.INFO, "changed", LogLimit.TOLD_A_SECOND);
      log(Level.WARN, "failed", LogLimit.WARNINGS_A_SECOND);
      pass(1_000);
    }
    assertEquals(100 * (LogLimit.TOLD_A_SECOND + LogLimit.WARNINGS_A_SECOND), take().size());
  }

  @Test
  void floodIsBoundedAndCounted() {
    log(Level.WARN, "failed", 10_000);
    int burst = LogLimit.WARNINGS_A_SECOND * LogLimit.BURST_SECONDS;
    assertEquals(burst, take().size());
    pass(1_000);
    log(Level.WARN, "failed", 10_000);
    List<String> after = take();
    assertEquals(LogLimit.WARNINGS_A_SECOND + 1, after.size());
    assertEquals((10_000 - burst) + " warnings were left out here", after.get(0));
  }

  @Test
  void whatIsToldOfLinesLeftOutCanBeWrittenInEachFormat() {
    log(Level.WARN, "failed", 10_000);
    take();
    pass(1_000);
    log(Level.WARN, "failed", 1);
    ILoggingEvent note = lines.list.get(0);
    assertEquals("9800 warnings were left out here", note.getFormattedMessage());
    for (Logging.Format format : Logging.Format.values()) {
      String line =
          new String(
              Logging.encoder(format, new LoggerContext()).encode(note), StandardCharsets.UTF_8);
      assertTrue(line.contains("9800 warnings were left out here"), line);
    }
  }

  @Test
  void warningsAreToldWhateverElseIs() {
    log(Level.INFO, "changed", 100_000);
    take();
    log(Level.ERROR, "a person must act", 1);
    assertEquals(List.of("a person must act"), take());
  }

  @Test
  void afterALongSilenceNoMoreThanABurstComesAtOnce() {
    log(Level.INFO, "changed", 1);
    pass(TimeUnit.DAYS.toMillis(1));
    take();
    log(Level.INFO, "changed", 100_000);
    assertTrue(take().size() <= LogLimit.TOLD_A_SECOND * LogLimit.BURST_SECONDS);
  }
}
