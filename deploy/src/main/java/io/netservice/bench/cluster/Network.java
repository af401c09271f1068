package io.netservice.bench.cluster;

/**
 * A network that every pod has an address on. The address tells the pod's number and the network,
 * so that an event of the API server is understood without a table: {@code 10.(base + n >> 16).(n
 * >> 8 & 255).(n & 255)}.
 */
public enum Network {
  /** The cluster's own network: what kube-controller-manager publishes. */
  DEFAULT(16),

  /** The additional network: what NetService publishes. */
  ADDITIONAL(144);

  /** The most pods that addresses can be told apart of. */
  public static final int MAX_PODS = 16 << 16;

  private final int base;

  Network(int base) {
    this.base = base;
  }

  /** The address of pod number {@code pod}. */
  public String address(int pod) {
    return "10." + (base + (pod >> 16)) + "." + (pod >> 8 & 255) + "." + (pod & 255);
  }

  /** The number of the pod that has {@code address} on this network, -1 if none can have it. */
  public int pod(String address) {
    int value = 0;
    int octet = 0;
    int digits = 0;
    int dots = 0;
    for (int i = 0; i <= address.length(); i++) {
      char c = i == address.length() ? '.' : address.charAt(i);
      if (c == '.') {
        if (digits == 0 || octet > 255 || dots == 4) {
          return -1;
        }
        value = value << 8 | octet;
        octet = 0;
        digits = 0;
        dots++;
      } else if (c >= '0' && c <= '9' && digits < 3) {
        octet = octet * 10 + c - '0';
        digits++;
      } else {
        return -1;
      }
    }
    int pod = value - (10 << 24 | base << 16);
    return dots == 4 && pod >= 0 && pod < MAX_PODS ? pod : -1;
  }
}
