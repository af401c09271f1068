package io.netservice.syncer.explain;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.netservice.api.NetService;
import io.netservice.network.NetworkName;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.PodView;
import io.netservice.syncer.plan.SliceEndpoint;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.watch.OwnedObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** All that is known of a NetService from a source, in the form in which the planner takes it. */
final class Facts {

  static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final OwnedObjects READER = new OwnedObjects();

  private final NetService owner;
  private final Source source;
  private final List<String> notes = new ArrayList<>();
  private final List<PodView> pods = new ArrayList<>();
  private final List<SliceObject> slices = new ArrayList<>();
  private Optional<Service> service = Optional.empty();
  private Optional<EndpointsObject> endpoints = Optional.empty();
  private Explanation.Network network;

  private final Set<Kind> hidden = EnumSet.noneOf(Kind.class);

  /** The zones of Nodes by name; empty if it is not known which Nodes there are. */
  private Optional<Map<String, String>> zones = Optional.empty();

  /**
   * Reads all there is of {@code owner}.
   *
   * @throws Source.UnknownException if something can't be known without which there is nothing to
   *     explain
   */
  Facts(NetService owner, Source source) throws Source.UnknownException {
    this.owner = owner;
    this.source = source;
    String namespace = owner.getMetadata().getNamespace();
    String name = owner.getMetadata().getName();
    for (JsonNode pod : source.list(Kind.POD, namespace, "", owner.getSpec().selector())) {
      pods.add(PodReader.read(pod));
    }
    published(Kind.SERVICE, name, each -> service = Optional.of(read(each, Service.class)));
    published(Kind.SLICE, "", each -> slices.add(read(each, READER::slice)));
    published(Kind.ENDPOINTS, name, each -> endpoints = Optional.of(read(each, READER::endpoints)));
    network = readNetwork();
    readZones();
  }

  /** Reads what is published of one kind, if it may be looked at. */
  private void published(Kind kind, String name, Consumer<JsonNode> each) {
    Map<String, String> labels =
        kind == Kind.SLICE ? Map.of(Names.SERVICE_NAME, owner.getMetadata().getName()) : Map.of();
    try {
      source.list(kind, owner.getMetadata().getNamespace(), name, labels).forEach(each);
    } catch (Source.UnknownException e) {
      notes.add("what is published is not compared with what should be: " + e.getMessage());
      hidden.add(kind);
    }
  }

  static <T> T read(JsonNode json, Class<T> type) {
    try {
      return MAPPER.treeToValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one kind of object. */
  @FunctionalInterface
  private interface Read<T> {
    T from(JsonParser json) throws IOException;
  }

  private static <T> T read(JsonNode json, Read<T> reader) {
    try (JsonParser parser = MAPPER.treeAsTokens(json)) {
      parser.nextToken();
      return reader.from(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Explanation.Network readNetwork() {
    NetworkName name =
        NetworkName.parse(owner.getSpec().netAttachDef(), owner.getMetadata().getNamespace());
    try {
      List<JsonNode> found = source.list(Kind.NETWORK, name.namespace(), name.name(), Map.of());
      return found.isEmpty()
          ? new Explanation.Network(
              name.toString(), "no", "there is no such NetworkAttachmentDefinition")
          : new Explanation.Network(name.toString(), "yes", described(found.get(0)));
    } catch (Source.UnknownException e) {
      return new Explanation.Network(name.toString(), "unknown", e.getMessage());
    }
  }

  /** The plugin that attaches pods and where addresses come from, by the CNI configuration. */
  private static String described(JsonNode network) {
    String config = network.path("spec").path("config").asText();
    if (config.isBlank()) {
      return "without a configuration: a file on the nodes has it";
    }
    try {
      JsonNode root = MAPPER.readTree(config);
      JsonNode plugin = root.path("plugins").isArray() ? root.path("plugins").path(0) : root;
      String type = plugin.path("type").asText("no type");
      String addresses = plugin.path("ipam").path("type").asText("");
      return type + (addresses.isEmpty() ? ", no addresses (no IPAM)" : ", IPAM " + addresses);
    } catch (IOException e) {
      return "its configuration is no JSON";
    }
  }

  private void readZones() {
    try {
      Map<String, String> known = new HashMap<>();
      for (JsonNode node : source.list(Kind.NODE, "", "", Map.of())) {
        JsonNode metadata = node.path("metadata");
        known.put(metadata.path("name").asText(), metadata.path("labels").path(ZONE).asText(""));
      }
      zones = Optional.of(known);
    } catch (Source.UnknownException e) {
      notes.add(
          "zones of nodes are "
              + (slices.isEmpty() ? "left out: " : "taken from what is published: ")
              + e.getMessage());
    }
  }

  /** The zone of a Node, as the planner asks for it. */
  Optional<String> zoneOf(String node) {
    if (zones.isPresent()) {
      return Optional.ofNullable(zones.get().get(node));
    }
    return Optional.of(
        slices.stream()
            .flatMap(slice -> slice.endpoints().stream())
            .filter(endpoint -> endpoint.nodeName().equals(node))
            .map(SliceEndpoint::zone)
            .findFirst()
            .orElse(""));
  }

  /** What exists in its name. */
  Current current() {
    return new Current(
            service,
            endpoints.filter(each -> Names.has(owner, each.metadata())),
            slices.stream().filter(each -> Names.has(owner, each.metadata())).toList(),
            foreignEndpoints())
        .networkMissing(network.found().equals("no"));
  }

  /** As the Applier finds them when it wants to make its own. */
  private Optional<String> foreignEndpoints() {
    return endpoints
        .map(EndpointsObject::metadata)
        .filter(each -> !Names.has(owner, each))
        .map(
            each ->
                "Endpoints "
                    + each.getNamespace()
                    + "/"
                    + each.getName()
                    + " exists and was not made by this NetService: delete it or choose another"
                    + " name");
  }

  /** Of which kinds it could not be looked at what is published. */
  Set<Kind> hidden() {
    return hidden;
  }

  List<PodView> pods() {
    return pods;
  }

  Optional<Service> service() {
    return service;
  }

  Optional<EndpointsObject> endpoints() {
    return endpoints;
  }

  Explanation.Network network() {
    return network;
  }

  /** The slices of the Service, whoever made them. */
  List<Explanation.Slice> slices() {
    return slices.stream()
        .map(
            slice ->
                new Explanation.Slice(
                    slice.metadata().getName(),
                    slice.addressType(),
                    slice.endpoints().size(),
                    Names.has(owner, slice.metadata()) ? "" : maker(slice.metadata())))
        .toList();
  }

  private static String maker(ObjectMeta slice) {
    String manager =
        slice.getLabels() == null ? null : slice.getLabels().get(Names.SLICE_MANAGED_BY);
    return manager == null || manager.isEmpty() ? "nobody that says so" : manager;
  }

  /** What could not be looked at. */
  List<String> notes() {
    return notes;
  }
}
