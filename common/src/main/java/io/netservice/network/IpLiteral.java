package io.netservice.network;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads IP address literals exactly as Go's {@code net/netip}, and so Kubernetes, does. What one
 * program reads in another way than the next is refused: {@code 010.0.0.1} is 8.0.0.1 for some.
 * Never a look-up, so {@link java.net.InetAddress}, which does one for what is no literal, is not
 * asked.
 */
final class IpLiteral {

  /** {@code 0000:0000:0000:0000:0000:ffff:255.255.255.255}. */
  private static final int LONGEST = 45;

  private IpLiteral() {}

  /**
   * The 4 or 16 bytes of {@code text}, empty if it is no literal. With a zone ({@code
   * fe80::1%eth0}) it is none: that means something on one host alone.
   */
  static Optional<byte[]> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
  }

  private static Optional<byte[]> ipv4(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(4);
    return octets(text, bytes) ? Optional.of(bytes.array()) : Optional.empty();
  }

  /** RFC 4291, section 2.2: eight groups, or fewer with one {@code ::} for one zero or more. */
  private static Optional<byte[]> ipv6(String text) {
    int gap = text.indexOf("::");
    ByteBuffer head = ByteBuffer.allocate(16);
    ByteBuffer tail = ByteBuffer.allocate(16);
    if (gap < 0) {
      return groups(text, true, head) && !head.hasRemaining()
          ? Optional.of(head.array())
          : Optional.empty();
    }
    String before = text.substring(0, gap);
    String after = text.substring(gap + 2);
    if (!(before.isEmpty() || groups(before, false, head))
        || !(after.isEmpty() || groups(after, true, tail))
        || head.position() + tail.position() > 14) {
      return Optional.empty();
    }
    byte[] bytes = head.array();
    System.arraycopy(tail.array(), 0, bytes, 16 - tail.position(), tail.position());
    return Optional.of(bytes);
  }

  /**
   * Reads groups with a colon between each two.
   *
   * @param atEnd whether the last may be an IPv4 address
   */
  private static boolean groups(String text, boolean atEnd, ByteBuffer into) {
    String[] groups = text.split(":", -1);
    int last = groups.length - 1;
    if (atEnd && groups[last].indexOf('.') >= 0) {
      return Arrays.stream(groups, 0, last).allMatch(group -> group(group, into))
          && octets(groups[last], into);
    }
    return Arrays.stream(groups).allMatch(group -> group(group, into));
  }

  private static boolean group(String text, ByteBuffer into) {
    if (text.isEmpty()
        || text.length() > 4
        || !text.chars().allMatch(HexFormat::isHexDigit)
        || into.remaining() < 2) {
      return false;
    }
    into.putShort((short) HexFormat.fromHexDigits(text));
    return true;
  }

  private static boolean octets(String text, ByteBuffer into) {
    String[] octets = text.split("\\.", -1);
    return octets.length == 4
        && into.remaining() >= 4
        && Arrays.stream(octets).allMatch(octet -> octet(octet, into));
  }

  private static boolean octet(String text, ByteBuffer into) {
    int value = decimal(text, 255);
    if (value < 0) {
      return false;
    }
    into.put((byte) value);
    return true;
  }

  /** A number of at most three digits without leading zeros; -1 if it isn't, or is over most. */
  static int decimal(String text, int most) {
    boolean leadingZero = text.length() > 1 && text.charAt(0) == '0';
    if (text.isEmpty()
        || text.length() > 3
        || leadingZero
        || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      return -1;
    }
    int value = Integer.parseInt(text);
    return value <= most ? value : -1;
  }
}
