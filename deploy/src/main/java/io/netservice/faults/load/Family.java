package io.netservice.faults.load;

import java.util.Locale;

/** A family of addresses. */
public enum Family {
  IPV4,
  IPV6;

  /** The {@code addressType} of slices with such addresses. */
  public String addressType() {
    return this == IPV4 ? "IPv4" : "IPv6";
  }

  /** The family of an address. */
  public static Family of(String address) {
    return address.indexOf(':') < 0 ? IPV4 : IPV6;
  }

  @Override
  public String toString() {
    return addressType().toLowerCase(Locale.ROOT);
  }
}
