package io.netservice.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import org.slf4j.LoggerFactory;

/**
 * How the programs log: one line for each event on standard error, in UTC, with the end of a stack
 * trace. In code, because to read the same from XML takes some hundred classes that are never
 * needed again. Tests may still bring a {@code logback-test.xml}.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {

  /**
   * What is quoted from elsewhere, such as an answer of an API server, may hold line breaks: nobody
   * shall write lines of ours, or talk to a terminal.
   */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0}:"
          + " %replace(%msg){'\\p{Cntrl}+',' '}%n%rEx{3}";

  private static final String OUTPUT = "standard error";

  /** How a line is written. */
  enum Format {
    TEXT,
    JSON
  }

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    if (Logging.class.getClassLoader().getResource("logback-test.xml") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    loggers.getStatusManager().add(new NopStatusListener());
    ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
    standardError.setContext(loggers);
    standardError.setTarget("System.err");
    standardError.setEncoder(encoder(Format.TEXT, loggers));
    standardError.start();
    loggers.putObject(OUTPUT, standardError);
    LogLimit limit = new LogLimit(standardError, System::nanoTime);
    limit.setContext(loggers);
    limit.start();
    Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(limit);
    loggers.getLogger(LogLevels.OWN).setLevel(Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Writes all further lines so. Before there are threads: lines of others may get lost. */
  static void use(Format format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers
        && loggers.getObject(OUTPUT) instanceof ConsoleAppender<?> appender) {
      @SuppressWarnings("unchecked") // It was put there above.
      ConsoleAppender<ILoggingEvent> standardError = (ConsoleAppender<ILoggingEvent>) appender;
      standardError.stop();
      standardError.setEncoder(encoder(format, loggers));
      standardError.start();
    }
  }

  /** What makes lines of events, ready for use. */
  static Encoder<ILoggingEvent> encoder(Format format, LoggerContext loggers) {
    Encoder<ILoggingEvent> encoder = format == Format.JSON ? new JsonLines() : text();
    encoder.setContext(loggers);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }
}
