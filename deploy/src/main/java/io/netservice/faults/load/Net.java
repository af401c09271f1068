package io.netservice.faults.load;

/**
 * A network with the addresses that pods have on it. An address is given by a number, so that no
 * two are alike: {@code 10.(base + n >> 16).(n >> 8 & 255).(n & 255)} and {@code fd00:base::n}.
 */
public enum Net {
  /** The cluster's own network, of which nothing must ever be published. */
  DEFAULT("cbr0", "eth0", 16),
  CORE("networks/core", "net1", 144),
  MEDIA("networks/media", "net2", 176);

  private final String title;
  private final String device;
  private final int base;

  Net(String title, String device, int base) {
    this.title = title;
    this.device = device;
    this.base = base;
  }

  /** The name in the network status of a pod. */
  public String title() {
    return title;
  }

  /** The interface of a pod on it. */
  public String device() {
    return device;
  }

  /** The address with this number. */
  public String address(Family family, int number) {
    if (family == Family.IPV6) {
      return "fd00:" + base + "::" + Integer.toHexString(number);
    }
    return "10." + (base + (number >> 16 & 15)) + "." + (number >> 8 & 255) + "." + (number & 255);
  }
}
