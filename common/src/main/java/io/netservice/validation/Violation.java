package io.netservice.validation;

/**
 * A rule that an object breaks.
 *
 * @param field the path of the field, such as {@code spec.ports[0].name}
 * @param value the value as it is shown, of bounded length; empty where there is none
 * @param accepted what would be right, beginning with "must"
 */
public record Violation(String field, String value, String accepted) {

  /** Longer values are cut: a message is read by people, and may be copied into a log. */
  private static final int SHOWN = 64;

  /**
   * A violation by {@code value}: a number or boolean is shown bare, anything else in quotes, null
   * as no value.
   */
  static Violation of(String field, Object value, String accepted) {
    return new Violation(field, show(value), accepted);
  }

  /** The violation in one line: field, value, what is accepted. */
  public String message() {
    return value.isEmpty() ? field + ": " + accepted : field + ": " + value + ": " + accepted;
  }

  /** {@code value} in one line of bounded length: in quotes unless it is a number or boolean. */
  public static String show(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Number || value instanceof Boolean) {
      return cut(value.toString());
    }
    StringBuilder shown = new StringBuilder("\"");
    cut(value.toString()).codePoints().forEach(c -> append(shown, c));
    return shown.append('"').toString();
  }

  private static void append(StringBuilder shown, int c) {
    if (c == '"' || c == '\\') {
      shown.append('\\').appendCodePoint(c);
    } else if (isInvisible(c)) {
      shown.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
    } else {
      shown.appendCodePoint(c);
    }
  }

  /** Characters that would break the line or change how the rest of it is displayed. */
  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED;
  }

  private static String cut(String text) {
    if (text.codePointCount(0, Math.min(text.length(), 2 * SHOWN + 2)) <= SHOWN) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "...";
  }
}
