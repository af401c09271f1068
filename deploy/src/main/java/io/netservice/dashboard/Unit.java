package io.netservice.dashboard;

import java.util.Locale;

/** Values as a person reads them, by the name that Grafana has for their unit. */
final class Unit {

  private static final double DAY = 86_400;

  private Unit() {}

  /** {@code value} in a few characters. */
  static String text(String unit, double value) {
    return switch (unit) {
      case "s" -> seconds(value);
      case "bytes" -> number(value / (1 << 20)) + " MiB";
      case "ops" -> number(value) + "/s";
      default -> number(value);
    };
  }

  private static String seconds(double value) {
    if (value >= DAY) {
      return number(value / DAY) + " d";
    } else if (value >= 1 || value == 0) {
      return number(value) + " s";
    }
    return value >= .001 ? number(value * 1e3) + " ms" : number(value * 1e6) + " µs";
  }

  /** Three digits that matter at most. */
  private static String number(double value) {
    double size = Math.abs(value);
    int digits = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
