package io.netservice.network;

import io.netservice.api.IpFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IP address in its one canonical spelling, so that two are the same address exactly if they are
 * equal. An IPv4 address mapped into IPv6 is the IPv4 address.
 *
 * @param family the family of {@code text}
 * @param text dotted decimal without leading zeros, or RFC 5952
 */
public record IpAddress(IpFamily family, String text) implements Comparable<IpAddress> {

  /** The first twelve bytes of an IPv4 address that is mapped into IPv6 (RFC 4291, 2.5.5.2). */
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  /**
   * Reads an address literal; a prefix length ({@code 10.0.0.5/24}) is cut off. Nothing is looked
   * up: a host name is no address, nor is an octet with a leading zero, which programs read in two
   * ways.
   */
  public static Optional<IpAddress> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return IpLiteral.parse(text).map(IpAddress::of);
    }
    // The length belongs to the address as written: /120 is right behind a mapped one.
    return IpLiteral.parse(text.substring(0, slash))
        .filter(bytes -> IpLiteral.decimal(text.substring(slash + 1), bytes.length * 8) >= 0)
        .map(IpAddress::of);
  }

  private static IpAddress of(byte[] bytes) {
    if (bytes.length == 4) {
      return new IpAddress(IpFamily.IPV4, dotted(bytes));
    } else if (Arrays.mismatch(bytes, MAPPED) == MAPPED.length) {
      return new IpAddress(IpFamily.IPV4, dotted(Arrays.copyOfRange(bytes, MAPPED.length, 16)));
    }
    return new IpAddress(IpFamily.IPV6, rfc5952(bytes));
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
      return InetAddress.getByAddress(IpLiteral.parse(text).orElseThrow());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(text, impossible);
    }
  }

  /** The text tells the family. */
  @Override
  public boolean equals(Object object) {
    return this == object || (object instanceof IpAddress other && text.equals(other.text));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
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
