package io.netservice.network;

import io.netservice.api.IpFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address in its one canonical spelling, so that two are the same address exactly if they are
 * equal. An IPv4 address mapped into IPv6 is the IPv4 address.
 *
 * @param family the family of {@code text}
 * @param text dotted decimal without leading zeros, or RFC 5952
 */
public record IpAddress(IpFamily family, String text) implements Comparable<IpAddress> {

  private static final Pattern OCTETS =
      Pattern.compile(
          "(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

  /** Only what can't be taken for a host name: {@link InetAddress} must never look one up. */
  private static final Pattern IPV6_LITERAL = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

  /**
   * Reads an address literal; a prefix length ({@code 10.0.0.5/24}) is cut off. Nothing is looked
   * up: a host name is no address, nor is an octet with a leading zero, which programs read in two
   * ways.
   */
  public static Optional<IpAddress> parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes = literal.indexOf(':') < 0 ? ipv4(literal) : ipv6(literal);
    boolean prefixFits =
        slash < 0 || (bytes != null && isPrefix(text, slash + 1, bytes.length * 8));
    return bytes == null || !prefixFits ? Optional.empty() : Optional.of(of(bytes));
  }

  private static boolean isPrefix(String text, int from, int most) {
    if (from == text.length() || text.length() - from > 3) {
      return false;
    }
    int value = 0;
    for (int i = from; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return false;
      }
      value = value * 10 + (digit - '0');
    }
    return value <= most;
  }

  private static byte[] ipv4(String text) {
    var matcher = OCTETS.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      int octet = Integer.parseInt(matcher.group(i + 1));
      if (octet > 255) {
        return null;
      }
      bytes[i] = (byte) octet;
    }
    return bytes;
  }

  private static byte[] ipv6(String text) {
    if (!IPV6_LITERAL.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException notALiteral) {
      return null;
    }
  }

  private static IpAddress of(byte[] bytes) {
    return bytes.length == 4
        ? new IpAddress(IpFamily.IPV4, dotted(bytes))
        : new IpAddress(IpFamily.IPV6, rfc5952(bytes));
  }

  private static String dotted(byte[] bytes) {
    return (bytes[0] & 255)
        + "."
        + (bytes[1] & 255)
        + "."
        + (bytes[2] & 255)
        + "."
        + (bytes[3] & 255);
  }

  /** RFC 5952, section 4: the first longest run of two or more zero groups becomes {@code ::}. */
  private static String rfc5952(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((bytes[2 * i] & 255) << 8) | (bytes[2 * i + 1] & 255);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && groups[i + run] == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /**
   * Why this address can be nobody's endpoint, in a word; empty if it can. The API server refuses a
   * whole slice for a single one of these (ValidateEndpointIP).
   */
  public Optional<String> unusable() {
    InetAddress address = toInetAddress();
    if (address.isAnyLocalAddress()) {
      return Optional.of("unspecified");
    } else if (address.isLoopbackAddress()) {
      return Optional.of("loopback");
    } else if (address.isLinkLocalAddress()) {
      return Optional.of("link-local");
    } else if (address.isMulticastAddress()) {
      return Optional.of("multicast");
    } else if (address instanceof Inet4Address && text.equals("255.255.255.255")) {
      return Optional.of("broadcast");
    }
    return Optional.empty();
  }

  private InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(family == IpFamily.IPV4 ? ipv4(text) : ipv6(text));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(text, impossible);
    }
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    return byFamily != 0 ? byFamily : text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
