package io.netservice.syncer.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.network.Attachment;
import io.netservice.network.IpAddress;
import io.netservice.network.NetworkStatus;
import io.netservice.syncer.explain.PodReader;
import io.netservice.syncer.plan.PodView;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The pods of an old NetService that have not finished. */
final class Pods {

  private final List<PodView> pods;

  Pods(List<JsonNode> pods) {
    this.pods = pods.stream().map(PodReader::read).filter(pod -> !pod.finished()).toList();
  }

  private static List<Attachment> attachments(PodView pod) {
    return pod.network() instanceof NetworkStatus.Present present
        ? present.attachments()
        : List.of();
  }

  private static boolean hasOneOf(Attachment attachment, Collection<String> addresses) {
    return attachment.addresses().stream().map(IpAddress::text).anyMatch(addresses::contains);
  }

  /** The networks called {@code name} on which some pod has one of {@code addresses}. */
  Set<String> networksWith(String name, Collection<String> addresses) {
    Set<String> networks = new TreeSet<>();
    for (PodView pod : pods) {
      attachments(pod).stream()
          .filter(each -> !each.isOfCluster() && each.network().name().equals(name))
          .filter(each -> hasOneOf(each, addresses))
          .forEach(each -> networks.add(each.network().toString()));
    }
    return networks;
  }

  /** Where a pod has {@code address}, each in words; empty if none has it. */
  List<String> having(String address) {
    return pods.stream()
        .flatMap(
            pod ->
                attachments(pod).stream()
                    .filter(each -> hasOneOf(each, List.of(address)))
                    .map(each -> "pod " + pod.name() + " on " + each.told()))
        .toList();
  }
}
