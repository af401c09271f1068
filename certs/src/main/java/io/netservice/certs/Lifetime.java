package io.netservice.certs;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 365d}, {@code 12h}, {@code 90m} or {@code 30s}. */
final class Lifetime implements ITypeConverter<Duration> {

  /** A century; what is much longer than that has no date in a certificate. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([dhms])");

  @Override
  public Duration convert(String value) {
    Matcher matcher = FORM.matcher(value);
    Duration lifetime = matcher.matches() ? of(matcher) : Duration.ZERO;
    if (lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
      throw new TypeConversionException(
          "'"
              + value
              + "' must be a number with d, h, m or s, as 365d, above 0 and at most 36500d");
    }
    return lifetime;
  }

  /** {@code lifetime} as a person would write it, in the largest unit without a rest. */
  static String text(Duration lifetime) {
    long seconds = lifetime.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    } else if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static Duration of(Matcher matcher) {
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "d" -> Duration.ofDays(count);
      case "h" -> Duration.ofHours(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofSeconds(count);
    };
  }
}
