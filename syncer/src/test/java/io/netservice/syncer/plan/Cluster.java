package io.netservice.syncer.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Protocol;
import io.netservice.api.Reason;
import io.netservice.api.ServiceType;
import io.netservice.network.NamespaceIsolation;
import io.netservice.syncer.watch.OwnedObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One NetService {@code shop/db} on the network {@code core}, its pods, and what is published for
 * it. Plans are carried out in memory, in the order of the Reconciler, with what an API server adds
 * to a Service. All questions are answered as text.
 */
final class Cluster {

  static final String NOW = "2026-01-02T03:04:05Z";
  static final String CREATED = "2026-01-01T00:00:00Z";

  private static final String KEY = "shop/db";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final NetService owner = new NetService();
  private final Map<String, Pods> pods = new TreeMap<>();
  private static final OwnedObjects READER = new OwnedObjects();

  private final Map<String, HasMetadata> objects = new TreeMap<>();
  private final Map<String, String> zones = new TreeMap<>();
  private final Set<String> goneNodes = new TreeSet<>();
  private final List<String> writes = new ArrayList<>();
  private final TriggerTimes triggers = new TriggerTimes();
  private final PlanMemory memory = new PlanMemory();
  private final Map<PodView, PodView> known = new HashMap<>();
  private Planner planner = new Planner(new PlannerSettings(100, true, NamespaceIsolation.off()));
  private Optional<Service> replaced = Optional.empty();
  private boolean reversed;
  private boolean mayBeGone;
  private List<String> serviceFamilies = List.of("IPv4", "IPv6");

  private String network = "core";
  private String podInterface;
  private ServiceType type = ServiceType.HEADLESS;
  private List<NetServicePort> ports = List.of();
  private boolean publishNotReady;
  private List<IpFamily> families = List.of();

  Cluster() {
    owner.getMetadata().setNamespace("shop");
    owner.getMetadata().setName("db");
    owner.getMetadata().setUid("uid-db");
    owner.getMetadata().setGeneration(1L);
    owner.getMetadata().setCreationTimestamp(CREATED);
  }

  // What is asked for.

  Cluster network(String netAttachDef) {
    network = netAttachDef;
    return this;
  }

  Cluster podInterface(String name) {
    podInterface = name;
    return this;
  }

  Cluster type(String value) {
    type =
        Arrays.stream(ServiceType.values())
            .filter(each -> each.value().equals(value))
            .findFirst()
            .orElseThrow();
    return this;
  }

  /** Ports as {@code name:port}, {@code name:port>target} and {@code name:port/PROTOCOL/app}. */
  Cluster ports(String... texts) {
    ports = Arrays.stream(texts).map(Cluster::port).toList();
    return this;
  }

  private static NetServicePort port(String text) {
    String[] protocol = text.split("/", 3);
    String[] target = protocol[0].split(">", 2);
    String[] name = target[0].split(":", 2);
    return new NetServicePort(
        name[0].isEmpty() ? null : name[0],
        protocol.length > 1 ? Protocol.valueOf(protocol[1]) : null,
        Integer.parseInt(name[1]),
        target.length < 2
            ? null
            : target[1].matches("\\d+")
                ? new IntOrString(Integer.valueOf(target[1]))
                : new IntOrString(target[1]),
        protocol.length > 2 ? protocol[2] : null);
  }

  Cluster publishNotReady() {
    return publishNotReady(true);
  }

  Cluster publishNotReady(boolean publish) {
    publishNotReady = publish;
    return this;
  }

  Cluster families(String... values) {
    families =
        Arrays.stream(values)
            .map(v -> IpFamily.valueOf(v.toUpperCase(java.util.Locale.ROOT)))
            .toList();
    return this;
  }

  /** The NetService is being deleted. */
  Cluster going() {
    owner.getMetadata().setDeletionTimestamp(NOW);
    return this;
  }

  /** The NetService is being deleted, and what it owns shall stay. */
  Cluster leavingBehind() {
    owner.getMetadata().setFinalizers(List.of("orphan"));
    return going();
  }

  // What surrounds it.

  Cluster with(Pods... added) {
    Arrays.stream(added).forEach(pod -> pods.put(pod.name(), pod));
    return this;
  }

  /** Ready pods p{from}, p{from + 1}, ... with addresses that sort as their numbers do. */
  Cluster withReady(int from, int to) {
    for (int i = from; i < to; i++) {
      with(Pods.pod("p" + i).ready().on("core", address(i)));
    }
    return this;
  }

  static String address(int number) {
    return "10.1." + (100 + number / 100) + "." + (100 + number % 100);
  }

  Cluster without(String... names) {
    Arrays.stream(names).forEach(pods::remove);
    return this;
  }

  Cluster zone(String node, String zone) {
    zones.put(node, zone);
    return this;
  }

  Cluster withoutNode(String node) {
    goneNodes.add(node);
    return this;
  }

  Cluster withNode(String node) {
    goneNodes.remove(node);
    return this;
  }

  /** What the watches tell comes in the opposite order. */
  Cluster reversed() {
    reversed = true;
    return this;
  }

  /** The API server gives a Service with a cluster IP these families. */
  Cluster onlyFamily(String family) {
    serviceFamilies = List.of(family);
    return this;
  }

  Cluster limit(int maxEndpointsPerSlice) {
    planner =
        new Planner(new PlannerSettings(maxEndpointsPerSlice, true, NamespaceIsolation.off()));
    return this;
  }

  Cluster withoutEndpoints() {
    planner = new Planner(new PlannerSettings(100, false, NamespaceIsolation.off()));
    return this;
  }

  /** A namespace may name its own networks and those of namespace default alone. */
  Cluster isolated() {
    planner =
        new Planner(
            new PlannerSettings(100, true, NamespaceIsolation.of(true, List.of("default"))));
    return this;
  }

  // What people do.

  /** Somebody patches {@code Kind/name} (JSON merge patch, with single quotes). */
  Cluster patch(String key, String patch) {
    objects.put(key, patched(objects.get(key), patch));
    return this;
  }

  /** Somebody writes the status of the NetService (JSON, with single quotes). */
  Cluster status(String json) {
    try {
      owner.setStatus(JSON.readValue(json.replace('\'', '"'), NetServiceStatus.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
    return this;
  }

  /** Somebody makes a copy of {@code Kind/name} with another name and a patch. */
  Cluster copy(String key, String name, String patch) {
    HasMetadata copy = patched(objects.get(key), patch);
    copy.getMetadata().setName(name);
    objects.put(copy.getKind() + "/" + name, copy);
    return this;
  }

  private static HasMetadata patched(HasMetadata object, String patch) {
    ObjectNode tree = (ObjectNode) JSON.valueToTree(object);
    try {
      merge(tree, (ObjectNode) JSON.readTree(patch.replace('\'', '"')));
      return JSON.treeToValue(tree, object.getClass());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(patch, e);
    }
  }

  /** RFC 7386. */
  private static void merge(ObjectNode into, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                into.remove(field.getKey());
              } else if (field.getValue() instanceof ObjectNode part) {
                merge(into.withObjectProperty(field.getKey()), part);
              } else {
                into.set(field.getKey(), field.getValue());
              }
            });
  }

  /** Somebody deletes {@code Kind/name}. */
  Cluster delete(String key) {
    Objects.requireNonNull(objects.remove(key), key);
    return this;
  }

  /** {@code Kind/name} is being deleted and waits for a finalizer. */
  Cluster deleting(String key) {
    return patch(key, "{'metadata':{'deletionTimestamp':'" + NOW + "'}}");
  }

  /** The Service is somebody else's. */
  Cluster foreignService() {
    return patch("Service/db", "{'metadata':{'ownerReferences':[]}}");
  }

  /** An object in the way that no watch shows. */
  Cluster obstructed(String what) {
    foreign = Optional.of(what);
    return this;
  }

  private Optional<String> foreign = Optional.empty();

  /** There is no such NetworkAttachmentDefinition, or there is one again. */
  Cluster networkMissing(boolean isMissing) {
    networkMissing = isMissing;
    return this;
  }

  private boolean networkMissing;

  /** From now on it is this time. */
  Cluster at(String time) {
    now = time;
    return this;
  }

  private String now = NOW;

  // The syncer.

  /** An address that is published before and after a plan need not be all the time. */
  Cluster mayBeGoneForAMoment(boolean may) {
    mayBeGone = may;
    return this;
  }

  /** Carries plans out until there is nothing left to do; more than a few is a loop. */
  Cluster reconcile() {
    writes.clear();
    Optional<String> trigger = triggers.next(KEY, owner(), views());
    for (int round = 0; round < 4; round++) {
      Plan plan = plan(trigger);
      if (plan.isEmpty()) {
        triggers.carriedOut(KEY);
        return this;
      }
      carryOut(plan);
    }
    throw new AssertionError("planning does not end: " + writes);
  }

  /** What is counted of the last plan. */
  Tally tally() {
    return memory.tally();
  }

  /** A plan that can't be written; what it was to tell is not lost. */
  Cluster reconcileInVain() {
    plan(triggers.next(KEY, owner(), views()));
    return this;
  }

  /** The next plan, as text. */
  String plan() {
    return Serialization.asJson(describe(plan(triggers.next(KEY, owner(), views()))));
  }

  private static Object describe(Plan plan) {
    return List.of(
        plan.service().map(Object::toString).orElse(""),
        plan.creates(),
        plan.updates(),
        plan.deletes(),
        plan.status().map(Object::toString).orElse(""));
  }

  private NetService owner() {
    owner.setSpec(
        new NetServiceSpec(
            network, podInterface, Map.of("app", "db"), type, ports, publishNotReady, families));
    return owner;
  }

  private List<PodView> views() {
    // A pod that has not changed is the same object, as in the cache.
    List<PodView> views = new ArrayList<>();
    pods.values().forEach(pod -> views.add(known.computeIfAbsent(pod.view(), view -> view)));
    if (reversed) {
      Collections.reverse(views);
    }
    return views;
  }

  private Plan plan(Optional<String> trigger) {
    List<SliceObject> slices =
        new ArrayList<>(all(EndpointSlice.class).map(slice -> read(slice, READER::slice)).toList());
    if (reversed) {
      Collections.reverse(slices);
    }
    Current current =
        new Current(
            all(Service.class).findFirst(),
            all(Endpoints.class).findFirst().map(known -> read(known, READER::endpoints)),
            slices,
            foreign);
    return planner.plan(
        owner(),
        views(),
        current.replacing(replaced).networkMissing(networkMissing),
        node ->
            goneNodes.contains(node) ? Optional.empty() : Optional.of(zones.getOrDefault(node, "")),
        new Moment(now, trigger),
        memory);
  }

  private void carryOut(Plan plan) {
    plan.service().ifPresent(this::carryOut);
    if (plan.service().isPresent()) {
      return;
    }
    Set<String> stays = inSlices();
    List<Set<String>> seen = new ArrayList<>();
    for (Plan.Write write : plan.writes()) {
      write(write.isCreation() ? "create" : "update", written(write.object()));
      seen.add(inSlices());
    }
    plan.deletes().forEach(object -> remove(written(object)));
    stays.retainAll(inSlices());
    assertTrue(
        mayBeGone || seen.stream().allMatch(each -> each.containsAll(stays)),
        () -> "not published for a moment: " + writes);
    plan.status().ifPresent(owner::setStatus);
  }

  private Set<String> inSlices() {
    Set<String> addresses = new HashSet<>();
    all(EndpointSlice.class)
        .flatMap(slice -> slice.getEndpoints().stream())
        .forEach(endpoint -> addresses.addAll(endpoint.getAddresses()));
    return addresses;
  }

  /** Reads one kind of object. */
  @FunctionalInterface
  private interface Read<T> {
    T from(JsonParser json) throws IOException;
  }

  /** As the syncer reads it from the API server. */
  private static <T> T read(HasMetadata object, Read<T> reader) {
    try (JsonParser json = JSON.createParser(JSON.writeValueAsBytes(object))) {
      json.nextToken();
      return reader.from(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the API server reads what the syncer writes. */
  private static HasMetadata written(OwnedObject object) {
    try {
      byte[] json = OwnedObjectJson.json(object);
      return object instanceof SliceObject
          ? JSON.readValue(json, EndpointSlice.class)
          : JSON.readValue(json, Endpoints.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void carryOut(Plan.ServiceChange change) {
    if (change instanceof Plan.ServiceChange.Create create) {
      write("create", asTheApiServerAnswers(create.service()));
      replaced = Optional.empty();
    } else if (change instanceof Plan.ServiceChange.Update update) {
      write("update", asTheApiServerAnswers(update.service()));
    } else if (change instanceof Plan.ServiceChange.Replace replace) {
      remove(replace.old());
      replaced = Optional.of(replace.old());
    }
  }

  private Service asTheApiServerAnswers(Service written) {
    Service service = Serialization.clone(written);
    var spec = service.getSpec();
    boolean headless = "None".equals(spec.getClusterIP());
    if (spec.getIpFamilies() == null || spec.getIpFamilies().isEmpty()) {
      spec.setIpFamilies(headless ? List.of("IPv4", "IPv6") : serviceFamilies);
      spec.setIpFamilyPolicy(headless ? "RequireDualStack" : spec.getIpFamilyPolicy());
    }
    if (spec.getClusterIP() == null) {
      spec.setClusterIP(spec.getIpFamilies().get(0).equals("IPv4") ? "10.96.0.7" : "fd96::7");
    }
    if (spec.getSessionAffinity() == null) {
      spec.setSessionAffinity("None");
    }
    return service;
  }

  private void write(String verb, HasMetadata object) {
    String key = object.getKind() + "/" + object.getMetadata().getName();
    boolean exists = objects.containsKey(key);
    if (verb.equals("create") == exists) {
      throw new AssertionError(
          verb + " " + key + (exists ? ", which exists" : ", which is not there"));
    }
    writes.add(verb + " " + key);
    objects.put(key, object);
  }

  private void remove(HasMetadata object) {
    String key = object.getKind() + "/" + object.getMetadata().getName();
    writes.add("delete " + key);
    Objects.requireNonNull(objects.remove(key), key);
  }

  // What came of it.

  /** What was written since the last reconcile began, in order. */
  List<String> writes() {
    return writes;
  }

  private <T extends HasMetadata> Stream<T> all(Class<T> kind) {
    return objects.values().stream().filter(kind::isInstance).map(kind::cast);
  }

  /** A line for each endpoint in slices, with its conditions. */
  List<String> published() {
    return each(
        endpoint -> {
          var is = endpoint.getConditions();
          return endpoint.getAddresses().get(0)
              + (is.getReady() ? " ready" : "")
              + (is.getServing() ? " serving" : "")
              + (is.getTerminating() ? " terminating" : "");
        });
  }

  /** A line for each endpoint in slices: whose it is, its hostname, node, zone and hints. */
  List<String> details() {
    return each(
        endpoint ->
            endpoint.getAddresses().get(0)
                + " "
                + endpoint.getTargetRef().getKind()
                + " "
                + endpoint.getTargetRef().getNamespace()
                + "/"
                + endpoint.getTargetRef().getName()
                + "#"
                + endpoint.getTargetRef().getUid()
                + shown(" host=", endpoint.getHostname())
                + shown(" node=", endpoint.getNodeName())
                + shown(" zone=", endpoint.getZone())
                + (endpoint.getHints() == null
                    ? ""
                    : " for "
                        + Stream.concat(
                                endpoint.getHints().getForZones().stream().map(z -> z.getName()),
                                endpoint.getHints().getForNodes().stream().map(n -> n.getName()))
                            .collect(Collectors.joining(","))));
  }

  private List<String> each(java.util.function.Function<Endpoint, String> told) {
    return all(EndpointSlice.class)
        .flatMap(slice -> slice.getEndpoints().stream())
        .map(told)
        .sorted()
        .toList();
  }

  private static String shown(String what, String value) {
    return value == null ? "" : what + value;
  }

  /** A line for each slice: family, ports, addresses. */
  List<String> slices() {
    return all(EndpointSlice.class)
        .map(
            slice ->
                slice.getAddressType()
                    + " "
                    + slice.getPorts().stream()
                        .map(
                            p ->
                                port(p.getName(), p.getPort(), p.getProtocol(), p.getAppProtocol()))
                        .toList()
                    + slice.getEndpoints().stream()
                        .map(endpoint -> " " + String.join(",", endpoint.getAddresses()))
                        .collect(Collectors.joining()))
        .sorted()
        .toList();
  }

  /** What each slice holds, by name: {@code 10.0.0.1@8080 ready}. */
  Map<String, List<String>> contents() {
    Map<String, List<String>> contents = new TreeMap<>();
    all(EndpointSlice.class)
        .forEach(
            slice ->
                contents.put(
                    slice.getMetadata().getName(),
                    slice.getEndpoints().stream()
                        .map(
                            endpoint ->
                                endpoint.getAddresses().get(0)
                                    + slice.getPorts().stream()
                                        .map(p -> "@" + p.getPort())
                                        .collect(Collectors.joining())
                                    + (endpoint.getConditions().getReady() ? " ready" : ""))
                        .toList()));
    return contents;
  }

  /** How many endpoints each slice holds, by name. */
  Map<String, Integer> sizes() {
    return all(EndpointSlice.class)
        .collect(
            Collectors.toMap(
                slice -> slice.getMetadata().getName(),
                slice -> slice.getEndpoints().size(),
                Integer::sum,
                TreeMap::new));
  }

  /** A line for each subset: ports, addresses, addresses not ready in brackets. */
  List<String> subsets() {
    return all(Endpoints.class)
        .flatMap(endpoints -> endpoints.getSubsets().stream())
        .map(
            subset ->
                subset.getPorts().stream()
                        .map(
                            p ->
                                port(p.getName(), p.getPort(), p.getProtocol(), p.getAppProtocol()))
                        .toList()
                    + subset.getAddresses().stream()
                        .map(a -> " " + address(a))
                        .collect(Collectors.joining())
                    + subset.getNotReadyAddresses().stream()
                        .map(a -> " (" + address(a) + ")")
                        .collect(Collectors.joining()))
        .toList();
  }

  private static String address(EndpointAddress a) {
    return a.getIp() + shown(":", a.getHostname());
  }

  /** The sizes of subsets: ready and not ready. */
  List<String> subsetSizes() {
    return all(Endpoints.class)
        .flatMap(endpoints -> endpoints.getSubsets().stream())
        .map(s -> s.getAddresses().size() + "+" + s.getNotReadyAddresses().size())
        .toList();
  }

  private static String port(String name, Integer number, String protocol, String application) {
    return (name == null ? "" : name)
        + ":"
        + number
        + "/"
        + protocol
        + (application == null ? "" : "/" + application);
  }

  boolean has(String key) {
    return objects.containsKey(key);
  }

  /** Labels of {@code Kind/name}. */
  Map<String, String> labels(String key) {
    return new TreeMap<>(objects.get(key).getMetadata().getLabels());
  }

  Map<String, String> annotations(String key) {
    return new TreeMap<>(objects.get(key).getMetadata().getAnnotations());
  }

  /** The trigger time on {@code Kind/name}. */
  String trigger(String key) {
    return annotations(key).get("endpoints.kubernetes.io/last-change-trigger-time");
  }

  /** Who controls {@code Kind/name}: kind, name and uid. */
  String controller(String key) {
    return objects.get(key).getMetadata().getOwnerReferences().stream()
        .filter(OwnerReference::getController)
        .map(o -> o.getKind() + " " + o.getName() + "#" + o.getUid())
        .collect(Collectors.joining());
  }

  /** A field of the Service's spec as JSON. */
  String service(String field) {
    Service service = all(Service.class).findFirst().orElseThrow();
    return String.valueOf(
        Serialization.unmarshal(Serialization.asJson(service.getSpec()), Map.class).get(field));
  }

  /** A condition: {@code True Published: words}. */
  String condition(String conditionType) {
    return owner.getStatus().conditions().stream()
        .filter(c -> c.type().equals(conditionType))
        .map(c -> c.status() + " " + c.reason() + ": " + c.message())
        .findFirst()
        .orElse("none");
  }

  /** When the status of a condition changed last, and the generation that it speaks of. */
  String since(String conditionType) {
    return owner.getStatus().conditions().stream()
        .filter(c -> c.type().equals(conditionType))
        .map(c -> c.lastTransitionTime() + " " + c.observedGeneration())
        .findFirst()
        .orElse("none");
  }

  /** Somebody changes the spec in a way that makes no difference here. */
  Cluster nextGeneration() {
    owner.getMetadata().setGeneration(owner.getMetadata().getGeneration() + 1);
    return this;
  }

  /** What was planned can't be written. */
  Cluster unwritable(Reason reason, String what) {
    Planner.unwritable(owner(), reason, what, now).ifPresent(owner::setStatus);
    return this;
  }

  /** Ready of all endpoints, and pods left out: {@code 1/2 3}. */
  String counts() {
    var counts = owner.getStatus().endpoints();
    return counts.summary() + " " + counts.skipped();
  }
}
