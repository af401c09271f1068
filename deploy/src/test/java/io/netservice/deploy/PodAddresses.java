package io.netservice.deploy;

import java.util.List;
import java.util.Set;

/**
 * The addresses of a pod on its default network and on the other network, which correspond one to
 * one: {@code 10.1.x.y} and {@code 10.200.x.y}, {@code fd00:1::z} and {@code fd00:200::z}.
 *
 * @param number which pod, from 0 to 64,999
 * @param families which families it has
 */
record PodAddresses(int number, Set<Family> families) {

  /** A family with the prefix of either network. */
  enum Family {
    IPV4("10.1.", "10.200."),
    IPV6("fd00:1::", "fd00:200::");

    private final String byDefault;
    private final String onNetwork;

    Family(String byDefault, String onNetwork) {
      this.byDefault = byDefault;
      this.onNetwork = onNetwork;
    }

    private String suffix(int number) {
      return this == IPV4
          ? number / 250 + "." + (number % 250 + 1)
          : Integer.toHexString(number + 1);
    }
  }

  static PodAddresses dualStack(int number) {
    return new PodAddresses(number, Set.of(Family.values()));
  }

  List<String> byDefault() {
    return families.stream().sorted().map(f -> f.byDefault + f.suffix(number)).toList();
  }

  List<String> onNetwork() {
    return byDefault().stream().map(PodAddresses::corresponding).toList();
  }

  /** The network's address of the pod that has this default address. */
  static String corresponding(String byDefault) {
    for (Family family : Family.values()) {
      if (byDefault.startsWith(family.byDefault)) {
        return family.onNetwork + byDefault.substring(family.byDefault.length());
      }
    }
    throw new IllegalArgumentException(byDefault + " is no default address of these tests");
  }
}
