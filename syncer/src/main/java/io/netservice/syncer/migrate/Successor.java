package io.netservice.syncer.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.api.NetService;
import io.netservice.api.Predecessor;
import io.netservice.validation.NetServiceRules;
import io.netservice.validation.Violation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The NetService that takes the place of an old one, and the way back from it. */
final class Successor {

  /** What kubectl keeps of the last manifest: it is one of another kind. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Successor() {}

  /**
   * The new NetService.
   *
   * @param network its network
   * @throws RefusedException if what the old one says breaks a rule
   */
  static JsonNode of(Situation now, String network) throws RefusedException {
    JsonNode old = now.old().orElseThrow();
    ObjectNode fresh = ApiObjects.MAPPER.createObjectNode();
    fresh.put("apiVersion", NetService.API_VERSION).put("kind", NetService.KIND);
    ObjectNode metadata = fresh.putObject("metadata");
    metadata.put("namespace", now.namespace()).put("name", now.name());
    copy(old.path("metadata"), "labels", metadata);
    copy(old.path("metadata"), "annotations", metadata);
    ObjectNode annotations = metadata.withObject("/annotations");
    annotations.remove(LAST_APPLIED);
    annotations.put(Predecessor.MIGRATED_FROM, saved(now).toString());
    ObjectNode spec = fresh.putObject("spec");
    spec.put("netAttachDef", network);
    copy(old.path("spec"), "selector", spec);
    // The proof of concept sets neither; somebody may have done so on its Service.
    now.service()
        .map(service -> service.path("spec"))
        .ifPresent(
            service -> {
              copy(service, "ports", spec);
              spec.path("ports").forEach(port -> ((ObjectNode) port).remove("nodePort"));
              if (service.path("publishNotReadyAddresses").asBoolean()) {
                spec.put("publishNotReadyAddresses", true);
              }
            });
    List<Violation> violations = NetServiceRules.check(ApiObjects.as(NetService.class, fresh));
    if (!violations.isEmpty()) {
      throw new RefusedException(
          violations.stream().map(Violation::message).collect(Collectors.joining("; ")));
    }
    return fresh;
  }

  private static void copy(JsonNode from, String field, ObjectNode to) {
    if (from.has(field) && !from.path(field).isEmpty()) {
      to.set(field, from.path(field).deepCopy());
    }
  }

  /** What can't be told from the new NetService. */
  private static JsonNode saved(Situation now) {
    ObjectNode saved = ApiObjects.MAPPER.createObjectNode();
    saved.set("old", bare(now.old().orElseThrow()));
    now.template().ifPresent(template -> saved.set("template", bare(template)));
    return saved;
  }

  /** What a person, or a controller, would send to make {@code object}. */
  private static ObjectNode bare(JsonNode object) {
    ObjectNode bare = ApiObjects.MAPPER.createObjectNode();
    ObjectNode metadata = bare.putObject("metadata");
    copy(object.path("metadata"), "labels", metadata);
    copy(object.path("metadata"), "annotations", metadata);
    ObjectNode spec = object.path("spec").deepCopy();
    spec.remove("clusterIPs");
    bare.set("spec", spec);
    return bare;
  }

  /** The old NetService as it was. */
  static JsonNode old(Situation now) {
    return restored(now, "old", Predecessor.API_VERSION, Predecessor.KIND, now.name())
        .orElseThrow(() -> new IllegalStateException(now.key() + ": nothing is saved"));
  }

  /** The template Service as it was, or as the proof of concept makes it. */
  static JsonNode template(Situation now) {
    String name = now.name() + Predecessor.TEMPLATE_SUFFIX;
    ObjectNode template =
        restored(now, "template", "v1", "Service", name)
            .orElseGet(
                () -> {
                  ObjectNode made = ApiObjects.MAPPER.createObjectNode();
                  made.put("apiVersion", "v1").put("kind", "Service");
                  made.putObject("metadata").put("namespace", now.namespace()).put("name", name);
                  ObjectNode spec = made.putObject("spec").put("clusterIP", "None");
                  copy(now.old().orElseThrow().path("spec"), "selector", spec);
                  return made;
                });
    template
        .withObject("/metadata")
        .set("ownerReferences", ApiObjects.MAPPER.createArrayNode().add(reference(now)));
    return template;
  }

  private static Optional<ObjectNode> restored(
      Situation now, String which, String apiVersion, String kind, String name) {
    JsonNode saved = now.saved().map(ApiObjects::parsed).orElseThrow().path(which);
    if (saved.isMissingNode()) {
      return Optional.empty();
    }
    ObjectNode object = ApiObjects.MAPPER.createObjectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = saved.path("metadata").deepCopy();
    object.set("metadata", metadata.put("namespace", now.namespace()).put("name", name));
    object.set("spec", saved.path("spec"));
    return Optional.of(object);
  }

  /** The old NetService as the owner of something. */
  static ObjectNode reference(Situation now) {
    return ApiObjects.MAPPER
        .createObjectNode()
        .put("apiVersion", Predecessor.API_VERSION)
        .put("kind", Predecessor.KIND)
        .put("name", now.name())
        .put("uid", Situation.uid(now.old().orElseThrow()))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }
}
