package io.netservice.syncer.explain;

import io.netservice.api.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Explanations as lines for a terminal. */
final class TextReport {

  private TextReport() {}

  /** The lines for one NetService. */
  static List<String> lines(Explanation of) {
    Table head = new Table();
    head.row("NetService", of.netService() + ": " + of.asked());
    head.row("Network", network(of.network()));
    head.row("Service", of.service());
    head.row("Slices", slices(of.slices()));
    head.row("Endpoints", of.endpoints());
    String label = "Status";
    for (Condition condition : of.conditions()) {
      head.row(
          label,
          condition.type()
              + "="
              + condition.status()
              + " "
              + condition.reason()
              + " since "
              + condition.lastTransitionTime()
              + ": "
              + condition.message());
      label = "";
    }
    if (of.conditions().isEmpty()) {
      head.row(label, "none yet: no syncer has looked at it");
    }
    List<String> lines = new ArrayList<>(head.lines());
    lines.add("");
    pods(of, lines);
    lines.add("");
    if (of.differences() == null) {
      lines.add("PUBLISHED tells what should be; whether it is was not looked at.");
    } else if (of.differences().isEmpty()) {
      lines.add("What should be published is.");
    } else {
      lines.add("What is published differs from what should be:");
      of.differences().forEach(difference -> lines.add("  - " + difference));
    }
    notes(of.notes(), lines);
    return lines;
  }

  /** The lines for one NetService of files. */
  static List<String> planned(Outcome outcome) {
    Explanation of = outcome.explanation();
    Table head = new Table();
    head.row("NetService", of.netService() + ": " + of.asked());
    head.row("Network", network(of.network()));
    of.conditions()
        .forEach(
            condition ->
                head.row(
                    condition.type(),
                    condition.status() + " " + condition.reason() + ": " + condition.message()));
    List<String> lines = new ArrayList<>(head.lines());
    lines.add("");
    pods(of, lines);
    lines.add("");
    lines.add("There would be:");
    outcome
        .objects()
        .forEach(
            object ->
                lines.add(
                    "  - "
                        + object.path("kind").asText()
                        + " "
                        + object.path("metadata").path("name").asText()
                        + (object.has("addressType")
                            ? " ("
                                + object.path("addressType").asText()
                                + ", "
                                + object.path("endpoints").size()
                                + ")"
                            : "")));
    notes(of.notes(), lines);
    return lines;
  }

  private static void pods(Explanation of, List<String> lines) {
    if (of.pods().isEmpty()) {
      lines.add("No pod has these labels.");
      return;
    }
    Table pods = new Table().row("POD", "STATE", "PUBLISHED", "WHY NOT, AND NOTES");
    of.pods()
        .forEach(pod -> pods.row(pod.name(), pod.state(), addresses(pod.addresses()), why(pod)));
    lines.addAll(pods.lines());
  }

  private static String network(Explanation.Network network) {
    return network.name()
        + switch (network.found()) {
          case "yes" -> ": " + network.told();
          case "no" -> ": NOT FOUND, " + network.told();
          default -> ": not looked at, " + network.told();
        };
  }

  private static String slices(List<Explanation.Slice> slices) {
    return slices.isEmpty()
        ? "none"
        : slices.stream()
            .map(
                slice ->
                    slice.name()
                        + " ("
                        + slice.addressType()
                        + ", "
                        + slice.endpoints()
                        + (slice.madeBy() == null || slice.madeBy().isEmpty()
                            ? ""
                            : ", made by " + slice.madeBy())
                        + ")")
            .collect(Collectors.joining(", "));
  }

  private static String addresses(List<Explanation.Address> addresses) {
    return addresses.isEmpty()
        ? "-"
        : addresses.stream()
            .map(address -> address.address() + (address.ready() ? "" : " (not ready)"))
            .collect(Collectors.joining(", "));
  }

  private static String why(Explanation.Pod pod) {
    return Stream.concat(Stream.ofNullable(pod.message()), pod.notes().stream())
        .collect(Collectors.joining("; "));
  }

  /** The lines for one pod. */
  static List<String> lines(PodExplanation of) {
    Table head = new Table();
    head.row("Pod", of.pod() + ": " + of.state());
    if (of.networkStatus() != null) {
      head.row("Network status", of.networkStatus());
    }
    String label = "Attached to";
    for (PodExplanation.Attached each : of.attachments()) {
      String addresses =
          each.addresses().isEmpty() ? "no address" : String.join(", ", each.addresses());
      String refused =
          each.refused().isEmpty() ? "" : "; refused: " + String.join(", ", each.refused());
      head.row(label, each.network() + ": " + addresses + refused);
      label = "";
    }
    List<String> lines = new ArrayList<>(head.lines());
    lines.add("");
    if (!of.netServices().isEmpty()) {
      Table table =
          new Table().row("NETSERVICE", "NETWORK", "SELECTED", "PUBLISHED", "WHY NOT, AND NOTES");
      of.netServices()
          .forEach(
              each ->
                  table.row(
                      each.name(),
                      each.network(),
                      each.selected() ? "yes" : "no",
                      addresses(each.addresses()),
                      Stream.concat(Stream.ofNullable(each.why()), each.notes().stream())
                          .collect(Collectors.joining("; "))));
      lines.addAll(table.lines());
    }
    notes(of.notes(), lines);
    return lines;
  }

  private static void notes(List<String> notes, List<String> lines) {
    notes.forEach(note -> lines.add("Note: " + note + "."));
  }
}
