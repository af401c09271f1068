package io.netservice.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.faults.load.Site;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What there is at the API server, and what should be published given the pods that there are. It
 * shares nothing with the syncer. Not safe for use by several threads.
 */
final class Model {

  /** One of the two ways in which addresses are published. */
  enum Kind {
    SLICES,
    ENDPOINTS
  }

  private final Map<String, PodState> pods = new HashMap<>();
  private final Set<String> nodes = new HashSet<>();

  /** By the key of the Service: whether it is headless. */
  private final Map<String, Boolean> services = new HashMap<>();

  private final Map<Kind, Map<String, Shown>> shown =
      Map.of(Kind.SLICES, new HashMap<>(), Kind.ENDPOINTS, new HashMap<>());

  void putPod(JsonNode pod) {
    pods.put(Shown.key(pod), PodState.of(pod));
  }

  void removePod(JsonNode pod) {
    pods.remove(Shown.key(pod));
  }

  void putNode(JsonNode node) {
    nodes.add(Shown.key(node));
  }

  void removeNode(JsonNode node) {
    nodes.remove(Shown.key(node));
  }

  void putService(JsonNode service) {
    services.put(Shown.key(service), service.at("/spec/clusterIP").asText().equals("None"));
  }

  void removeService(JsonNode service) {
    services.remove(Shown.key(service));
  }

  void put(Kind kind, JsonNode object) {
    shown
        .get(kind)
        .put(
            Shown.key(object), kind == Kind.SLICES ? Shown.slice(object) : Shown.endpoints(object));
  }

  void remove(Kind kind, JsonNode object) {
    shown.get(kind).remove(Shown.key(object));
  }

  void clearPods() {
    pods.clear();
  }

  void clearNodes() {
    nodes.clear();
  }

  void clearServices() {
    services.clear();
  }

  void clear(Kind kind) {
    shown.get(kind).clear();
  }

  /** What should be published at a NetService: addresses with whether they are ready. */
  Map<String, Boolean> due(Site site, Kind kind) {
    Map<String, Boolean> result = new TreeMap<>();
    for (PodState pod : pods.values()) {
      if (!site.selects(pod.namespace(), pod.app())) {
        continue;
      }
      // As the built-in controllers: slices leave out pods whose Node is gone, Endpoints those that
      // are being deleted.
      boolean out =
          kind == Kind.SLICES
              ? !nodes.contains("/" + pod.node())
              : pod.terminating() && !site.publishNotReady();
      if (out) {
        continue;
      }
      boolean ready = site.publishNotReady() || (pod.ready() && !pod.terminating());
      for (String address : pod.addresses().getOrDefault(site.net(), List.of())) {
        if (site.families().contains(io.netservice.faults.load.Family.of(address))) {
          result.put(address, ready);
        }
      }
    }
    return result;
  }

  /** All that is published at a NetService, in all objects together. */
  List<Shown.Address> published(Site site, Kind kind) {
    List<Shown.Address> result = new ArrayList<>();
    for (Shown each : shown.get(kind).values()) {
      if (each.site().equals(site.key())) {
        result.addAll(each.addresses());
      }
    }
    return result;
  }

  /** What is not as it should be, in words; empty if all is right. */
  List<Difference> differences(Collection<Site> sites) {
    List<Difference> result = new ArrayList<>();
    for (Site site : sites) {
      Boolean headless = services.get(site.key());
      if (headless == null || headless != site.headless()) {
        result.add(
            new Difference(
                Difference.What.MISSING, site.key() + ": Service, headless: " + headless));
      }
      for (Kind kind : Kind.values()) {
        compare(site, kind, result);
      }
    }
    return result;
  }

  private void compare(Site site, Kind kind, List<Difference> result) {
    String where = site.key() + " in " + kind.name().toLowerCase(java.util.Locale.ROOT) + ": ";
    Map<String, Boolean> due = due(site, kind);
    Map<String, Boolean> seen = new HashMap<>();
    for (Shown.Address each : published(site, kind)) {
      Boolean ready = due.get(each.address());
      if (seen.put(each.address(), each.ready()) != null) {
        result.add(new Difference(Difference.What.DUPLICATE, where + each.address()));
      } else if (ready == null) {
        result.add(new Difference(Difference.What.STALE, where + each.address()));
      } else if (ready != each.ready()) {
        result.add(
            new Difference(
                Difference.What.STALE, where + each.address() + " ready: " + each.ready()));
      }
    }
    for (String address : due.keySet()) {
      if (!seen.containsKey(address)) {
        result.add(new Difference(Difference.What.MISSING, where + address));
      }
    }
  }
}
