package io.netservice.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/**
 * Lets levels change while a program runs, by a file, such as one of a ConfigMap: whoever may write
 * that may change them, Kubernetes keeps account of it, and there is no port to be guarded. What
 * the file says holds while it is there.
 *
 * <p>Looked at by a thread of its own, if there is a file to look at.
 */
public final class LogLevelFile {

  private static final Logger log = LoggerFactory.getLogger(LogLevelFile.class);

  /** A ConfigMap takes up to a minute to reach the file; a moment more is nothing. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int LONGEST = 64 << 10;

  @Option(
      names = "--log-level-file",
      paramLabel = "FILE",
      description =
          "A level, or lines of LOGGER=LEVEL, which hold while the file is there; read again when it"
              + " changes. Default: none.")
  private Path file;

  /** What loggers had before the file said otherwise; none of their own where there is null. */
  private final Map<String, Level> before = new HashMap<>();

  private String seen = "";

  /** No file, unless the command line names one. */
  public LogLevelFile() {}

  LogLevelFile(Path file) {
    this.file = file;
  }

  /** Looks from now on, until it is closed. */
  public AutoCloseable start() {
    if (file == null || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      return () -> {};
    }
    Thread thread = new Thread(this::watch, "log-levels");
    thread.setDaemon(true);
    look();
    thread.start();
    return thread::interrupt;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK.toMillis());
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  /** Reads the file, and does what it says if that is news. */
  void look() {
    Optional<String> text = read();
    if (text.isPresent() && !text.get().equals(seen)) {
      seen = text.get();
      LogLevels wanted = LogLevels.parse(seen);
      boolean isTold = log.isInfoEnabled();
      if (isTold) {
        tell(wanted);
      }
      set(wanted.levels());
      if (!isTold) {
        tell(wanted);
      }
    }
  }

  private void tell(LogLevels wanted) {
    log.info(
        "{}: log levels are {}",
        file,
        wanted.levels().isEmpty() ? "as they were at the start" : wanted.levels());
    wanted.mistakes().forEach(mistake -> log.warn("{}: {}", file, mistake));
  }

  /** Empty if it can't be read, which changes nothing; a file that is not there says nothing. */
  private Optional<String> read() {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.of("");
    } catch (IOException e) {
      log.debug("{}: can't be read: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private void set(Map<String, Level> levels) {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    before.forEach((name, level) -> loggers.getLogger(name).setLevel(level));
    before.clear();
    levels.forEach(
        (name, level) -> {
          before.put(name, loggers.getLogger(name).getLevel());
          loggers.getLogger(name).setLevel(level);
        });
  }
}
