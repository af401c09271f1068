package io.netservice.syncer.plan;

import io.netservice.api.NetServicePort;
import io.netservice.api.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A port of a slice: a port of the NetService with the number it has in a pod. A text is empty
 * where the API has none.
 */
public record SlicePort(String name, Protocol protocol, int number, String appProtocol) {

  public static final Comparator<SlicePort> ORDER =
      Comparator.comparing(SlicePort::name)
          .thenComparing(SlicePort::protocol)
          .thenComparingInt(SlicePort::number)
          .thenComparing(SlicePort::appProtocol);

  /** The ports that {@code pod} has; one that it does not have is left out. */
  static List<SlicePort> of(List<NetServicePort> ports, PodView pod) {
    List<SlicePort> result = new ArrayList<>(ports.size());
    for (NetServicePort port : ports) {
      number(port, pod)
          .ifPresent(
              number ->
                  result.add(
                      new SlicePort(
                          orEmpty(port.name()),
                          port.protocol(),
                          number,
                          orEmpty(port.appProtocol()))));
    }
    result.sort(ORDER);
    return List.copyOf(result);
  }

  /** The number that {@code port} has in {@code pod}, empty if it has no such port. */
  static Optional<Integer> number(NetServicePort port, PodView pod) {
    if (port.target().getIntVal() != null) {
      return Optional.of(port.target().getIntVal());
    }
    String name = port.target().getStrVal();
    return pod.ports().stream()
        .filter(named -> named.name().equals(name) && named.protocol() == port.protocol())
        .map(PodView.NamedPort::number)
        .findFirst();
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
