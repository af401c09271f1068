package io.netservice.syncer.migrate;

import io.netservice.syncer.explain.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which addresses are published now and which would be. */
final class Preview {

  private final Set<String> stays = new TreeSet<>();
  private final Set<String> comes = new TreeSet<>();
  private final Set<String> goes = new TreeSet<>();

  /**
   * Compares.
   *
   * @param now the addresses of the old Endpoints
   * @param then what the planner makes of the new NetService
   */
  Preview(Set<String> now, Explanation then) {
    then.pods()
        .forEach(
            pod ->
                pod.addresses()
                    .forEach(
                        each ->
                            (now.contains(each.address()) ? stays : comes).add(each.address())));
    goes.addAll(now);
    goes.removeAll(stays);
  }

  /**
   * Looks at what would go.
   *
   * @throws RefusedException if a pod has it
   */
  void check(Pods pods, String network) throws RefusedException {
    List<String> lost = new ArrayList<>();
    for (String address : goes) {
      pods.having(address).forEach(where -> lost.add(address + " of " + where));
    }
    if (!lost.isEmpty()) {
      throw new RefusedException(
          "it would no longer publish "
              + String.join(", ", lost)
              + ", as its network would be "
              + network
              + ": name the right one with --network");
    }
  }

  /** What changes, in a line. */
  String text() {
    String told =
        told(stays, "", " as now")
            + told(comes, "; new ", "")
            + told(goes, "; no longer ", ", which no pod has");
    return told.isEmpty() ? "nothing, as now" : told.replaceFirst("^; ", "");
  }

  private static String told(Set<String> addresses, String before, String after) {
    if (addresses.isEmpty()) {
      return "";
    }
    int more = addresses.size() - 5;
    return addresses.stream()
        .limit(5)
        .collect(
            Collectors.joining(", ", before, (more > 0 ? " and " + more + " more" : "") + after));
  }
}
