package io.netservice.bench.report;

import java.util.Locale;

/** What a value is counted in, and how a person reads it. */
public enum Unit {
  /** Shown in seconds from one second on. */
  MILLISECONDS("ms") {
    @Override
    public String show(double value) {
      return Math.abs(value) >= 1000 ? SECONDS.show(value / 1000) : digits(value) + " ms";
    }
  },
  SECONDS("s"),
  MEGABYTES("MB") {
    @Override
    public String show(double value) {
      return String.format(Locale.ROOT, "%.0f MB", value);
    }
  },
  BYTES("bytes") {
    @Override
    public String show(double value) {
      return String.format(Locale.ROOT, "%.0f bytes", value);
    }
  },
  COUNT("") {
    @Override
    public String show(double value) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
  };

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  /** The unit's symbol, empty for plain numbers. */
  public String symbol() {
    return symbol;
  }

  /** The value with its unit, with as many digits as mean something. */
  public String show(double value) {
    return digits(value) + " " + symbol;
  }

  private static String digits(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
