package io.netservice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Levels that change while the program runs. */
class LogLevelFileTest {

  private static final String PART = "io.netservice.some.part";

  private final Logger own = (Logger) LoggerFactory.getLogger(LogLevels.OWN);
  private final Logger part = (Logger) LoggerFactory.getLogger(PART);
  private final Level before = own.getLevel();
  @TempDir private Path folder;
  private Path path;
  private LogLevelFile file;

  @BeforeEach
  void start() {
    own.setLevel(Level.INFO);
    path = folder.resolve("levels");
    file = new LogLevelFile(path);
  }

  @AfterEach
  void restore() {
    own.setLevel(before);
    part.setLevel(null);
  }

  private void write(String text) throws IOException {
    Files.writeString(path, text);
    file.look();
  }

  @Test
  void levelHoldsWhileTheFileIsThere() throws IOException {
    file.look();
    assertEquals(Level.INFO, own.getLevel(), "no file says nothing");
    write("debug\n");
    assertEquals(Level.DEBUG, own.getLevel());
    write("warn");
    assertEquals(Level.WARN, own.getLevel());
    Files.delete(path);
    file.look();
    assertEquals(Level.INFO, own.getLevel());
  }

  @Test
  void partHasALevelOfItsOwnAsLongAsTheFileSaysSo() throws IOException {
    write("# while we look for it\n" + PART + " = trace\n");
    assertEquals(Level.TRACE, part.getLevel());
    assertEquals(Level.INFO, own.getLevel());
    write("debug");
    assertNull(part.getLevel());
    assertEquals(Level.DEBUG, part.getEffectiveLevel());
  }

  @Test
  void fileThatCantBeReadChangesNothing() throws IOException {
    write("debug");
    Files.delete(path);
    Files.createDirectory(path);
    file.look();
    assertEquals(Level.DEBUG, own.getLevel());
  }

  @Test
  void endlessFileIsReadInPart() throws IOException {
    write("debug\n" + "#".repeat(1 << 20));
    assertEquals(Level.DEBUG, own.getLevel());
  }

  @Test
  void fileIsFollowedFromStartToClose() throws Exception {
    AutoCloseable following = file.start();
    try {
      Files.writeString(path, "debug");
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            while (own.getLevel() != Level.DEBUG) {
              Thread.onSpinWait();
            }
          });
    } finally {
      following.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loud", "=debug", "io.netservice=", "a=b=debug", "debug info", "off"})
  void mistakeIsToldAndTheRestHolds(String line) {
    LogLevels levels = LogLevels.parse("io.netservice.a=warn\n" + line + "\n");
    assertEquals(Map.of("io.netservice.a", Level.WARN), levels.levels());
    assertEquals(
        List.of("line 2: must be error, warn, info, debug, trace, or LOGGER=LEVEL"),
        levels.mistakes());
  }
}
