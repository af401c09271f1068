package io.netservice.runtime;

import ch.qos.logback.classic.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a person wrote about levels: a level for all of NetService, or {@code LOGGER=LEVEL} for one
 * package or class, each on a line of its own. Empty lines and what follows a {@code #} mean
 * nothing.
 *
 * @param levels by the name of the logger
 * @param mistakes what of it makes no sense, for a person to read
 */
record LogLevels(Map<String, Level> levels, List<String> mistakes) {

  /** The logger of all that is NetService's own. */
  static final String OWN = "io.netservice";

  static final LogLevels NONE = new LogLevels(Map.of(), List.of());

  private static final List<String> NAMES = List.of("error", "warn", "info", "debug", "trace");

  LogLevels {
    levels = Map.copyOf(levels);
    mistakes = List.copyOf(mistakes);
  }

  /** The level that {@code text} names, empty if it names none. */
  static Optional<Level> level(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    return NAMES.contains(name) ? Optional.of(Level.toLevel(name)) : Optional.empty();
  }

  static LogLevels parse(String text) {
    Map<String, Level> levels = new TreeMap<>();
    List<String> mistakes = new ArrayList<>();
    int number = 0;
    for (String whole : text.lines().toList()) {
      number++;
      String line = whole.replaceFirst("#.*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      int equals = line.indexOf('=');
      String logger = equals < 0 ? OWN : line.substring(0, equals).strip();
      Optional<Level> level = level(line.substring(equals + 1));
      if (level.isPresent() && !logger.isEmpty()) {
        levels.put(logger, level.get());
      } else {
        mistakes.add(
            "line " + number + ": must be error, warn, info, debug, trace, or LOGGER=LEVEL");
      }
    }
    return new LogLevels(levels, mistakes);
  }
}
