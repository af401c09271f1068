package io.netservice.syncer.watch;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.netservice.api.Protocol;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Hints;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.PodRef;
import io.netservice.syncer.plan.SliceEndpoint;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.plan.SlicePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads EndpointSlices and Endpoints into the form in which they are compared with what is wanted.
 * What the syncer never writes is not kept, but makes the part it stands in unlike anything wanted,
 * so that it is put right.
 *
 * <p>May be used from any thread.
 */
public final class OwnedObjects {

  private static final ObjectReader METADATA =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(ManagedFieldsEntry.class, ManagerAlone.class)
          .readerFor(ObjectMeta.class);

  /** Of managed fields it is of interest who has some: the fields are long. */
  @JsonIncludeProperties("manager")
  private interface ManagerAlone {}

  /** What the API server calls an object of which only metadata was asked for. */
  private static final String PARTIAL = "PartialObjectMetadata";

  private static final Set<String> OBJECT = Set.of("metadata");
  private static final Set<String> SLICE =
      Set.of("kind", "metadata", "addressType", "ports", "endpoints");
  private static final Set<String> ENDPOINTS = Set.of("kind", "metadata", "subsets");
  private static final Set<String> SUBSET = Set.of("addresses", "notReadyAddresses", "ports");
  private static final Set<String> ADDRESS = Set.of("ip", "hostname", "nodeName", "targetRef");
  private static final Set<String> PORT = Set.of("name", "protocol", "port", "appProtocol");
  private static final Set<String> ENDPOINT =
      Set.of(
          "addresses",
          "conditions",
          "hostname",
          "nodeName",
          "zone",
          "targetRef",
          "hints",
          "deprecatedTopology");
  private static final Set<String> CONDITIONS = Set.of("ready", "serving", "terminating");
  private static final Set<String> REFERENCE = Set.of("kind", "namespace", "name", "uid");
  private static final Set<String> HINTS = Set.of("forZones", "forNodes");
  private static final Set<String> NAME = Set.of("name");

  private final SharedStrings shared = new SharedStrings();

  /** Reads the EndpointSlice at whose opening brace {@code json} stands. */
  public SliceObject slice(JsonParser json) throws IOException {
    return read(seenSlice(json));
  }

  /** Reads the Endpoints at whose opening brace {@code json} stands. */
  public EndpointsObject endpoints(JsonParser json) throws IOException {
    return read(seenEndpoints(json));
  }

  private static <T> T read(Seen<T> seen) throws IOException {
    return seen.object()
        .orElseThrow(() -> new IOException(Keys.of(seen.metadata()) + " came as metadata alone"));
  }

  /** Reads an EndpointSlice or its metadata. */
  Seen<SliceObject> seenSlice(JsonParser json) throws IOException {
    boolean partial = false;
    ObjectMeta metadata = new ObjectMeta();
    String addressType = "";
    List<SlicePort> ports = List.of();
    List<SliceEndpoint> endpoints = List.of();
    while (Json.nextField(json, SLICE)) {
      switch (json.currentName()) {
        case "kind" -> partial = json.getText().equals(PARTIAL);
        case "metadata" -> metadata = metadata(json);
        case "addressType" -> addressType = shared.of(json);
        case "ports" -> ports = ports(json);
        default -> {
          endpoints = new ArrayList<>();
          while (json.nextToken() == JsonToken.START_OBJECT) {
            endpoints.add(endpoint(json));
          }
        }
      }
    }
    return new Seen<>(
        metadata,
        partial
            ? Optional.empty()
            : Optional.of(new SliceObject(metadata, addressType, ports, endpoints)));
  }

  /** Reads Endpoints or their metadata. */
  Seen<EndpointsObject> seenEndpoints(JsonParser json) throws IOException {
    boolean partial = false;
    ObjectMeta metadata = new ObjectMeta();
    List<EndpointsObject.Subset> subsets = new ArrayList<>();
    while (Json.nextField(json, ENDPOINTS)) {
      switch (json.currentName()) {
        case "kind" -> partial = json.getText().equals(PARTIAL);
        case "metadata" -> metadata = metadata(json);
        default -> {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            subsets.add(subset(json));
          }
        }
      }
    }
    return new Seen<>(
        metadata, partial ? Optional.empty() : Optional.of(new EndpointsObject(metadata, subsets)));
  }

  /** Reads the metadata of an object of any kind. */
  public ObjectMeta metadataOf(JsonParser json) throws IOException {
    ObjectMeta metadata = new ObjectMeta();
    while (Json.nextField(json, OBJECT)) {
      metadata = metadata(json);
    }
    return metadata;
  }

  /** The same with its key, for a watch. */
  static <T> Item<Seen<T>> item(Seen<T> seen) {
    return new Item<>(Keys.of(seen.metadata()), seen.metadata().getResourceVersion(), seen);
  }

  /** Managed fields are kept of others, by name alone: they tell whether somebody else cares. */
  private static ObjectMeta metadata(JsonParser json) throws IOException {
    ObjectMeta metadata = METADATA.readValue(json);
    metadata.getManagedFields().removeIf(each -> Names.FIELD_MANAGER.equals(each.getManager()));
    return metadata;
  }

  private List<SlicePort> ports(JsonParser json) throws IOException {
    List<SlicePort> ports = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String name = "";
      String appProtocol = "";
      Protocol protocol = Protocol.TCP;
      int number = 0;
      while (Json.nextField(json, PORT)) {
        switch (json.currentName()) {
          case "name" -> name = shared.of(json);
          case "appProtocol" -> appProtocol = shared.of(json);
          case "protocol" -> protocol = Protocol.valueOf(json.getText());
          default -> number = json.getIntValue();
        }
      }
      ports.add(new SlicePort(name, protocol, number, appProtocol));
    }
    ports.sort(SlicePort.ORDER);
    return ports;
  }

  private SliceEndpoint endpoint(JsonParser json) throws IOException {
    List<String> addresses = List.of();
    Boolean[] conditions = new Boolean[3];
    String hostname = "";
    String nodeName = "";
    String zone = "";
    PodRef pod = null;
    Set<String> forZones = Set.of();
    Set<String> forNodes = Set.of();
    boolean strange = false;
    while (Json.nextField(json, ENDPOINT)) {
      switch (json.currentName()) {
        case "addresses" -> addresses = strings(json);
        case "conditions" -> {
          while (Json.nextField(json, CONDITIONS)) {
            int which =
                switch (json.currentName()) {
                  case "ready" -> 0;
                  case "serving" -> 1;
                  default -> 2;
                };
            conditions[which] = json.getBooleanValue();
          }
        }
        case "hostname" -> hostname = json.getText();
        case "nodeName" -> nodeName = shared.of(json);
        case "zone" -> zone = shared.of(json);
        case "targetRef" -> pod = reference(json);
        case "hints" -> {
          while (Json.nextField(json, HINTS)) {
            if (json.currentName().equals("forZones")) {
              forZones = names(json);
            } else {
              forNodes = names(json);
            }
          }
        }
        default -> {
          json.skipChildren();
          strange = true;
        }
      }
    }
    String address = addresses.isEmpty() ? "" : addresses.get(0);
    if (strange
        || addresses.size() != 1
        || conditions[0] == null
        || conditions[1] == null
        || conditions[2] == null) {
      return SliceEndpoint.strange(address);
    }
    return new SliceEndpoint(
        address,
        conditions[0],
        conditions[1],
        conditions[2],
        hostname,
        nodeName,
        zone,
        pod,
        hints(forZones, zone, forNodes, nodeName));
  }

  private static Hints hints(
      Set<String> forZones, String zone, Set<String> forNodes, String nodeName) {
    boolean ownZone = forZones.equals(Set.of(zone));
    boolean ownNode = forNodes.equals(Set.of(nodeName));
    if (forZones.isEmpty() && forNodes.isEmpty()) {
      return Hints.NONE;
    } else if (ownZone && forNodes.isEmpty()) {
      return Hints.ZONE;
    } else if (ownNode && forZones.isEmpty()) {
      return Hints.NODE;
    }
    return ownZone && ownNode ? Hints.ZONE_AND_NODE : Hints.OTHER;
  }

  private EndpointsObject.Subset subset(JsonParser json) throws IOException {
    List<SlicePort> ports = List.of();
    List<EndpointsObject.Address> ready = List.of();
    List<EndpointsObject.Address> notReady = List.of();
    while (Json.nextField(json, SUBSET)) {
      switch (json.currentName()) {
        case "ports" -> ports = ports(json);
        case "addresses" -> ready = addresses(json);
        default -> notReady = addresses(json);
      }
    }
    return new EndpointsObject.Subset(ports, ready, notReady);
  }

  private List<EndpointsObject.Address> addresses(JsonParser json) throws IOException {
    List<EndpointsObject.Address> addresses = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String ip = "";
      String hostname = "";
      String nodeName = "";
      PodRef pod = null;
      while (Json.nextField(json, ADDRESS)) {
        switch (json.currentName()) {
          case "ip" -> ip = json.getText();
          case "hostname" -> hostname = json.getText();
          case "nodeName" -> nodeName = shared.of(json);
          default -> pod = reference(json);
        }
      }
      addresses.add(new EndpointsObject.Address(ip, hostname, nodeName, pod));
    }
    return addresses;
  }

  /** What is no pod gets a name that no pod has. */
  private PodRef reference(JsonParser json) throws IOException {
    String kind = "";
    String namespace = "";
    String name = "";
    String uid = "";
    while (Json.nextField(json, REFERENCE)) {
      switch (json.currentName()) {
        case "kind" -> kind = shared.of(json);
        case "namespace" -> namespace = shared.of(json);
        case "name" -> name = json.getText();
        default -> uid = json.getText();
      }
    }
    return new PodRef(namespace, kind.equals("Pod") ? name : kind + "/" + name, uid);
  }

  private static List<String> strings(JsonParser json) throws IOException {
    List<String> strings = new ArrayList<>(1);
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      strings.add(json.getText());
    }
    return strings;
  }

  private static Set<String> names(JsonParser json) throws IOException {
    Set<String> names = new HashSet<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      while (Json.nextField(json, NAME)) {
        names.add(json.getText());
      }
    }
    return names;
  }
}
