package io.netservice.faults.fault;

import java.util.ArrayList;
import java.util.List;

/** All faults there are. */
public final class Faults {

  private Faults() {}

  /** Every fault, those of one layout together. */
  public static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    all.addAll(ProcessFaults.all());
    all.addAll(ObjectFaults.all());
    all.addAll(ConnectionFaults.all());
    all.addAll(AnswerFaults.all());
    all.addAll(LeaderFaults.all());
    all.addAll(WebhookFaults.all());
    return List.copyOf(all);
  }

  /**
   * The faults with these names; all if there are none. A name with a star at its end stands for
   * all that begin so.
   *
   * @throws IllegalArgumentException if there is no fault of a name
   */
  public static List<Fault> named(List<String> names) {
    if (names.isEmpty()) {
      return all();
    }
    for (String name : names) {
      if (all().stream().noneMatch(fault -> matches(fault, name))) {
        throw new IllegalArgumentException("there is no fault '" + name + "': see --list");
      }
    }
    return all().stream()
        .filter(fault -> names.stream().anyMatch(name -> matches(fault, name)))
        .toList();
  }

  private static boolean matches(Fault fault, String name) {
    return name.endsWith("*")
        ? fault.name().startsWith(name.substring(0, name.length() - 1))
        : fault.name().equals(name);
  }
}
