package io.netservice.syncer.explain;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Explained;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.Plan;
import io.netservice.syncer.plan.SliceEndpoint;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.plan.SlicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What differs between what should be published and what is, in sentences. */
final class Differences {

  private final NetService owner;
  private final Current current;
  private final Explained explained;
  private final List<String> found = new ArrayList<>();

  private Differences(NetService owner, Current current, Explained explained) {
    this.owner = owner;
    this.current = current;
    this.explained = explained;
  }

  static List<String> of(NetService owner, Current current, Explained explained) {
    Differences differences = new Differences(owner, current, explained);
    differences.service();
    differences.slices();
    differences.endpoints();
    differences.otherwise();
    differences.status();
    return differences.found;
  }

  private void service() {
    String name = "Service " + owner.getMetadata().getName();
    explained
        .plan()
        .service()
        .ifPresent(
            change -> {
              if (change instanceof Plan.ServiceChange.Create) {
                found.add(name + " is missing");
              } else if (change instanceof Plan.ServiceChange.Replace) {
                found.add(
                    name + " has to be replaced: its type or its selector can't become what it is");
              } else if (change instanceof Plan.ServiceChange.Update update) {
                found.add(name + " differs in " + differing(update.service()));
              }
            });
  }

  private String differing(Service wanted) {
    ServiceSpec is = current.service().orElseThrow().getSpec();
    ServiceSpec should = wanted.getSpec();
    List<String> fields = new ArrayList<>();
    add(fields, "type", is.getType(), should.getType());
    add(fields, "ports", is.getPorts(), should.getPorts());
    add(
        fields,
        "publishNotReadyAddresses",
        is.getPublishNotReadyAddresses(),
        should.getPublishNotReadyAddresses());
    add(fields, "ipFamilies", is.getIpFamilies(), should.getIpFamilies());
    return fields.isEmpty() ? "what the NetService decides" : String.join(", ", fields);
  }

  private static void add(List<String> fields, String name, Object is, Object should) {
    if (!Objects.equals(is, should)) {
      fields.add(name);
    }
  }

  /** An endpoint in a slice, and the ports of that slice. */
  private record Listed(SliceEndpoint endpoint, List<SlicePort> ports, String slice) {}

  private void slices() {
    Map<String, Listed> should = new TreeMap<>();
    for (Explained.Group group : explained.slices()) {
      for (SliceEndpoint endpoint : group.endpoints()) {
        should.put(endpoint.address(), new Listed(endpoint, group.ports(), ""));
      }
    }
    Map<String, Listed> is = new TreeMap<>();
    for (SliceObject slice : current.slices()) {
      String name = slice.metadata().getName();
      for (SliceEndpoint endpoint : slice.endpoints()) {
        Listed before = is.put(endpoint.address(), new Listed(endpoint, slice.ports(), name));
        if (before != null) {
          found.add(endpoint.address() + " is in slices " + before.slice + " and " + name);
        }
      }
    }
    should.forEach(
        (address, wanted) -> {
          Listed there = is.remove(address);
          if (there == null) {
            found.add(address + podOf(wanted.endpoint) + " is in no slice");
          } else {
            compare(address, wanted, there);
          }
        });
    is.forEach(
        (address, there) ->
            found.add(
                address
                    + podOf(there.endpoint)
                    + " is in slice "
                    + there.slice
                    + " and should not be"));
  }

  private static String podOf(SliceEndpoint endpoint) {
    return endpoint.pod() == null ? "" : " of pod " + endpoint.pod().name();
  }

  private void compare(String address, Listed should, Listed is) {
    String where = address + podOf(should.endpoint) + " is in slice " + is.slice + " ";
    SliceEndpoint a = should.endpoint;
    SliceEndpoint b = is.endpoint;
    if (!should.ports.equals(is.ports)) {
      found.add(where + "with " + ports(is.ports) + ", should be with " + ports(should.ports));
    } else if (!state(a).equals(state(b))) {
      found.add(where + "as " + state(b) + ", should be " + state(a));
    } else if (!a.equals(b)) {
      List<String> fields = new ArrayList<>();
      add(fields, "pod", b.pod(), a.pod());
      add(fields, "hostname", b.hostname(), a.hostname());
      add(fields, "nodeName", b.nodeName(), a.nodeName());
      add(fields, "zone", b.zone(), a.zone());
      add(fields, "hints", b.hints(), a.hints());
      found.add(where + "with another " + String.join(", ", fields) + " than it should");
    }
  }

  private static String state(SliceEndpoint endpoint) {
    return (endpoint.ready() ? "ready" : "not ready")
        + (endpoint.serving() == endpoint.ready()
            ? ""
            : endpoint.serving() ? ", serving" : ", not serving")
        + (endpoint.terminating() ? ", terminating" : "");
  }

  private static String ports(List<SlicePort> ports) {
    return ports.isEmpty()
        ? "no ports"
        : ports.stream()
            .map(p -> (p.name().isEmpty() ? "" : p.name() + ":") + p.number() + "/" + p.protocol())
            .collect(Collectors.joining(", ", ports.size() == 1 ? "port " : "ports ", ""));
  }

  private void endpoints() {
    if (explained.subsets().isEmpty()) {
      current.endpoints().ifPresent(any -> found.add("Endpoints exist and should not"));
      return;
    }
    Map<String, String> should = lines(explained.subsets().get());
    if (current.endpoints().isEmpty()) {
      if (explained.obstacle().isEmpty()) {
        found.add("Endpoints " + owner.getMetadata().getName() + " are missing");
      }
      return;
    }
    Map<String, String> is = lines(current.endpoints().get().subsets());
    should.forEach(
        (address, wanted) -> {
          String there = is.remove(address);
          if (there == null) {
            found.add(address + " is not in Endpoints");
          } else if (!there.equals(wanted)) {
            found.add(address + " is in Endpoints as " + there + ", should be " + wanted);
          }
        });
    is.keySet().forEach(address -> found.add(address + " is in Endpoints and should not be"));
  }

  private static Map<String, String> lines(List<EndpointsObject.Subset> subsets) {
    Map<String, String> lines = new TreeMap<>();
    for (EndpointsObject.Subset subset : subsets) {
      String with = subset.ports().isEmpty() ? "" : " with " + ports(subset.ports());
      subset
          .ready()
          .forEach(each -> lines.merge(each.ip(), "ready" + with, (a, b) -> a + " and " + b));
      subset
          .notReady()
          .forEach(each -> lines.merge(each.ip(), "not ready" + with, (a, b) -> a + " and " + b));
    }
    return lines;
  }

  /** Labels, owners, empty slices: what makes a difference to machines alone. */
  private void otherwise() {
    if (!found.isEmpty()) {
      return;
    }
    Plan plan = explained.plan();
    plan.creates().forEach(object -> found.add(described(object) + " is missing"));
    plan.updates()
        .forEach(
            object -> found.add(described(object) + " differs in labels, owner or annotations"));
    plan.deletes().forEach(object -> found.add(described(object) + " is superfluous"));
  }

  private static String described(OwnedObject object) {
    return object.kind() + " " + object.metadata().getName();
  }

  private void status() {
    explained
        .plan()
        .status()
        .ifPresent(
            wanted ->
                found.add(
                    "the status says " + told(owner.getStatus()) + ", should say " + told(wanted)));
  }

  private static String told(NetServiceStatus status) {
    return status == null || status.conditions().isEmpty()
        ? "nothing"
        : status.conditions().stream().map(Differences::told).collect(Collectors.joining("; "));
  }

  private static String told(Condition condition) {
    return condition.type()
        + "="
        + condition.status()
        + " "
        + condition.reason()
        + " of generation "
        + condition.observedGeneration()
        + " ("
        + condition.message()
        + ")";
  }
}
