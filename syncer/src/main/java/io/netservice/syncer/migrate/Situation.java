package io.netservice.syncer.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.Predecessor;
import io.netservice.api.Reason;
import io.netservice.syncer.plan.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What there is in one name, of both worlds. What is to be done follows from it alone, so that it
 * can be stopped and repeated at any point.
 *
 * @param old the NetService of the proof of concept
 * @param fresh the NetService that takes its place
 * @param service the Service of the name, whose Endpoints and slices clients read
 * @param template the Service by whose selector the proof of concept finds pods
 * @param slices the EndpointSlices of {@code service}, whoever made them
 */
record Situation(
    String namespace,
    String name,
    Optional<JsonNode> old,
    Optional<JsonNode> fresh,
    Optional<JsonNode> service,
    Optional<JsonNode> endpoints,
    Optional<JsonNode> template,
    List<JsonNode> slices) {

  /** What a syncer says of a NetService whose Service is somebody else's, or not there yet. */
  private static final Set<String> NOT_YET =
      Set.of(Reason.SERVICE_CONFLICT.value(), Reason.SERVICE_TERMINATING.value());

  /** What it says of one of which everything is written that there is to write. */
  private static final Set<String> DONE =
      Set.of(
          Reason.PUBLISHED.value(),
          Reason.NO_MATCHING_PODS.value(),
          Reason.NO_ADDRESS_ON_NETWORK.value(),
          Reason.NETWORK_NOT_FOUND.value());

  Situation {
    slices = List.copyOf(slices);
  }

  static Situation read(ApiObjects api, String namespace, String name) {
    return new Situation(
        namespace,
        name,
        api.get(Paths.old(namespace, name)),
        api.get(Paths.fresh(namespace, name)),
        api.get(Paths.service(namespace, name)),
        api.get(Paths.endpoints(namespace, name)),
        api.get(Paths.service(namespace, name + Predecessor.TEMPLATE_SUFFIX)),
        api.list(Paths.slices(namespace), Names.SERVICE_NAME + "=" + name).orElse(List.of()));
  }

  String key() {
    return namespace + "/" + name;
  }

  static List<OwnerReference> owners(JsonNode object) {
    List<OwnerReference> owners = new ArrayList<>();
    object
        .path("metadata")
        .path("ownerReferences")
        .forEach(each -> owners.add(ApiObjects.as(OwnerReference.class, each)));
    return owners;
  }

  /** Whether {@code object} is there and belongs to the old NetService. */
  boolean isOfOld(Optional<JsonNode> object) {
    return object.isPresent()
        && owners(object.get()).stream().anyMatch(each -> Predecessor.is(each, name));
  }

  /** Whether {@code object} is there and belongs to the new NetService. */
  boolean isOfFresh(Optional<JsonNode> object) {
    return object.isPresent()
        && fresh.isPresent()
        && owners(object.get()).stream().anyMatch(each -> uid(fresh.get()).equals(each.getUid()));
  }

  /** Whether {@code object} is there and belongs to neither, but to somebody else. */
  boolean isOfOther(Optional<JsonNode> object) {
    return object.isPresent()
        && !isOfFresh(object)
        && owners(object.get()).stream()
            .anyMatch(
                each -> Boolean.TRUE.equals(each.getController()) && !Predecessor.is(each, name));
  }

  static boolean isTerminating(Optional<JsonNode> object) {
    return object.filter(each -> each.path("metadata").has("deletionTimestamp")).isPresent();
  }

  static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  private static String label(JsonNode object, String name) {
    return object.path("metadata").path("labels").path(name).asText();
  }

  /** Whether the syncer has written the Endpoints. */
  boolean endpointsAreMarked() {
    return endpoints
        .filter(each -> label(each, Names.ENDPOINTS_MANAGED_BY).equals(Names.MANAGER))
        .isPresent();
  }

  /** The slices that the syncer has made. */
  List<JsonNode> slicesOfSyncer() {
    return slices.stream()
        .filter(each -> label(each, Names.SLICE_MANAGED_BY).equals(Names.MANAGER))
        .toList();
  }

  /** What is needed to bring the old NetService back, empty if the new one took nobody's place. */
  Optional<String> saved() {
    return fresh
        .map(
            each ->
                each.path("metadata").path("annotations").path(Predecessor.MIGRATED_FROM).asText())
        .filter(text -> !text.isEmpty());
  }

  /** Why the new NetService is ready or not, empty until a syncer has looked at it. */
  private Optional<String> reason() {
    Optional<NetService> known = fresh.map(each -> ApiObjects.as(NetService.class, each));
    return known
        .filter(each -> each.getStatus() != null)
        .filter(
            each ->
                each.getMetadata().getGeneration().equals(each.getStatus().observedGeneration()))
        .flatMap(
            each ->
                each.getStatus().conditions().stream()
                    .filter(condition -> condition.type().equals(Condition.READY))
                    .map(Condition::reason)
                    .findFirst());
  }

  /**
   * Whether a syncer has looked at the new NetService, and minds nothing but who has the Service.
   */
  boolean isSeen() {
    return reason().filter(NOT_YET::contains).isPresent() || isPublished();
  }

  /** Whether the syncer has written all there is to write for the new NetService. */
  boolean isPublished() {
    return reason().filter(DONE::contains).isPresent();
  }

  /** Why the syncer has not, in words for a person. */
  String told() {
    return reason().map(reason -> "its status says " + reason).orElse("no syncer has looked at it");
  }

  /** The addresses of the Endpoints. */
  Set<String> inEndpoints() {
    Set<String> addresses = new TreeSet<>();
    endpoints.ifPresent(
        each ->
            each.path("subsets")
                .forEach(
                    subset -> {
                      subset.path("addresses").forEach(a -> addresses.add(a.path("ip").asText()));
                      subset
                          .path("notReadyAddresses")
                          .forEach(a -> addresses.add(a.path("ip").asText()));
                    }));
    return addresses;
  }

  /** Whether slices that somebody else makes of the Endpoints have all of their addresses. */
  boolean isMirrored() {
    Set<String> mirrored = new TreeSet<>();
    slices.stream()
        .filter(each -> !label(each, Names.SLICE_MANAGED_BY).equals(Names.MANAGER))
        .forEach(
            each ->
                each.path("endpoints")
                    .forEach(e -> e.path("addresses").forEach(a -> mirrored.add(a.asText()))));
    return endpoints.isPresent() && mirrored.containsAll(inEndpoints());
  }
}
