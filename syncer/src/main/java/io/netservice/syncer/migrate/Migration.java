package io.netservice.syncer.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.netservice.api.NetService;
import io.netservice.api.Predecessor;
import io.netservice.syncer.explain.Explainer;
import io.netservice.syncer.explain.Kind;
import io.netservice.syncer.explain.Source;
import io.netservice.syncer.plan.Names;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Takes NetServices of the proof of concept over, or gives them back: looks at what there is, does
 * the first thing that is left to be done, and looks again.
 */
final class Migration {

  /** How often something is tried again that has changed meanwhile. */
  private static final int TRIES = 10;

  private static final long POLL_MILLIS = 100;

  private final ApiObjects api;
  private final Source source;
  private final Explainer explainer;
  private final Map<String, String> networks;
  private final Duration patience;
  private final PrintWriter out;

  /**
   * Migrates one after the other.
   *
   * @param networks {@code namespace/name} by the name that old NetServices have for it
   * @param patience how long to wait for others
   * @param out where it tells what it does
   */
  Migration(
      ApiObjects api,
      Source source,
      Explainer explainer,
      Map<String, String> networks,
      Duration patience,
      PrintWriter out) {
    this.api = api;
    this.source = source;
    this.explainer = explainer;
    this.networks = Map.copyOf(networks);
    this.patience = patience;
    this.out = out;
  }

  /**
   * Takes one over.
   *
   * @param apply whether anything is written
   */
  void forward(String namespace, String name, boolean apply)
      throws RefusedException, Source.UnknownException, TimeoutException, InterruptedException {
    Situation now = Situation.read(api, namespace, name);
    if (now.old().isEmpty()) {
      throw new RefusedException("there is no such NetService of " + Predecessor.API_VERSION);
    }
    check(now);
    JsonNode wanted = now.fresh().isPresent() ? now.fresh().get() : successor(now);
    out.println("  network    " + wanted.path("spec").path("netAttachDef").asText());
    if (now.isOfOld(now.endpoints())) {
      preview(now, wanted);
    }
    carryOut(now, apply, true, wanted);
  }

  /** Gives one back. */
  void backward(String namespace, String name, boolean apply)
      throws RefusedException, TimeoutException, InterruptedException {
    carryOut(Situation.read(api, namespace, name), apply, false, null);
  }

  private void carryOut(Situation first, boolean apply, boolean forward, JsonNode wanted)
      throws RefusedException, TimeoutException, InterruptedException {
    List<Step> steps = forward ? Steps.forward(first) : Steps.backward(first);
    if (steps.isEmpty()) {
      out.println("  nothing to do");
      return;
    } else if (!apply) {
      steps.forEach(step -> out.println("  would      " + step));
      return;
    }
    Situation now = first;
    int tries = 0;
    for (Step before = null; !steps.isEmpty(); ) {
      Step step = steps.get(0);
      tries = step == before ? tries + 1 : 0;
      if (tries > TRIES) {
        throw new RefusedException("it could not " + step + ": it changes all the time");
      }
      before = step;
      carryOut(step, now, wanted);
      now = Situation.read(api, now.namespace(), now.name());
      steps = forward ? Steps.forward(now) : Steps.backward(now);
      if (!steps.contains(step)) {
        out.println("  done       " + step);
        out.flush();
      }
    }
  }

  private void check(Situation now) throws RefusedException {
    if (Situation.isTerminating(now.old()) || Situation.isTerminating(now.fresh())) {
      throw new RefusedException("it is being deleted");
    }
    if (now.fresh().isPresent() && now.saved().isEmpty()) {
      throw new RefusedException(
          "there is a NetService of this name already that was not made by migrate: delete it,"
              + " or the old one");
    }
    if (now.isOfOther(now.endpoints())) {
      throw new RefusedException("Endpoints " + now.key() + " belong to somebody else");
    }
    if (now.service().isEmpty()) {
      return;
    }
    if (now.isOfOther(now.service())
        || (!now.isOfOld(now.service()) && !now.isOfFresh(now.service()))) {
      throw new RefusedException(
          "Service " + now.key() + " belongs to neither the old NetService nor the new one");
    }
    JsonNode spec = now.service().get().path("spec");
    if (!spec.path("selector").isEmpty() || !spec.path("clusterIP").asText().equals("None")) {
      throw new RefusedException(
          "Service "
              + now.key()
              + " is not as the proof of concept makes it, headless and without a selector");
    }
  }

  private JsonNode successor(Situation now) throws RefusedException, Source.UnknownException {
    return Successor.of(now, network(now, pods(now)));
  }

  private Pods pods(Situation now) throws Source.UnknownException {
    Map<String, String> selector = new TreeMap<>();
    now.old()
        .orElseThrow()
        .path("spec")
        .path("selector")
        .properties()
        .forEach(label -> selector.put(label.getKey(), label.getValue().asText()));
    return new Pods(source.list(Kind.POD, now.namespace(), "", selector));
  }

  /**
   * The network of an old NetService. It compares the name alone, so the network may be in any
   * namespace: in that where the pods have the addresses that are published, else where there is
   * one.
   */
  private String network(Situation now, Pods pods) throws RefusedException {
    String name = now.old().orElseThrow().path("spec").path("netAttachDef").asText();
    if (networks.containsKey(name)) {
      return networks.get(name);
    } else if (name.contains("/")) {
      return name;
    }
    Set<String> found = pods.networksWith(name, now.inEndpoints());
    String own = now.namespace() + "/" + name;
    if (found.isEmpty()) {
      for (JsonNode each : api.list(Paths.ALL_NETWORKS, "").orElse(List.of())) {
        JsonNode metadata = each.path("metadata");
        if (metadata.path("name").asText().equals(name)) {
          found.add(metadata.path("namespace").asText() + "/" + name);
        }
      }
      found = found.contains(own) ? Set.of(own) : found;
    }
    if (found.size() > 1) {
      throw new RefusedException(
          "its network "
              + name
              + " may be any of "
              + String.join(", ", new TreeSet<>(found))
              + ": name it with --network "
              + name
              + "=NAMESPACE/NAME");
    }
    return found.stream().findFirst().orElse(own);
  }

  private void preview(Situation now, JsonNode wanted)
      throws RefusedException, Source.UnknownException {
    ObjectNode judged = wanted.deepCopy();
    ObjectNode metadata = judged.withObject("/metadata");
    if (!metadata.has("uid")) {
      metadata.put("uid", "").put("generation", 1);
    }
    Preview preview =
        new Preview(now.inEndpoints(), explainer.explain(ApiObjects.as(NetService.class, judged)));
    preview.check(pods(now), wanted.path("spec").path("netAttachDef").asText());
    out.println("  publishes  " + preview.text());
  }

  private void carryOut(Step step, Situation now, JsonNode wanted)
      throws TimeoutException, InterruptedException {
    String namespace = now.namespace();
    String name = now.name();
    switch (step) {
      case CREATE -> api.create(Paths.freshOnes(namespace), wanted);
      case AWAIT_SYNCER -> await(step, now, Situation::isSeen);
      case TAKE_OVER_ENDPOINTS -> take(Paths.endpoints(namespace, name), now.endpoints(), now);
      case TAKE_OVER_SERVICE -> take(Paths.service(namespace, name), now.service(), now);
      case AWAIT_PUBLISHED -> {
        await(step, now, then -> then.isPublished() && !then.slicesOfSyncer().isEmpty());
        mark(Situation.read(api, namespace, name));
      }
      case DELETE_TEMPLATE -> {
        String template = name + Predecessor.TEMPLATE_SUFFIX;
        api.delete(Paths.service(namespace, template), now.template().orElseThrow(), "Background");
      }
      case DELETE_OLD ->
          api.delete(Paths.old(namespace, name), now.old().orElseThrow(), "Background");
      case RESTORE_OLD -> api.create(Paths.oldOnes(namespace), Successor.old(now));
      case RESTORE_TEMPLATE -> api.create(Paths.services(namespace), Successor.template(now));
      case DELETE_NEW -> api.delete(Paths.fresh(namespace, name), now.fresh().get(), "Orphan");
      case AWAIT_GONE -> await(step, now, then -> then.fresh().isEmpty());
      case GIVE_BACK_SERVICE -> giveBack(Paths.service(namespace, name), now.service(), now);
      case GIVE_BACK_ENDPOINTS -> giveBack(Paths.endpoints(namespace, name), now.endpoints(), now);
      case AWAIT_MIRRORED -> await(step, now, Situation::isMirrored);
      case DELETE_SLICES ->
          now.slicesOfSyncer()
              .forEach(
                  slice ->
                      api.delete(
                          Paths.slice(namespace, slice.path("metadata").path("name").asText()),
                          slice,
                          "Background"));
    }
  }

  /** Makes the new NetService the controlling owner in place of the old one. */
  private void take(String path, Optional<JsonNode> object, Situation now) {
    NetService fresh = ApiObjects.as(NetService.class, now.fresh().orElseThrow());
    ObjectNode change = ApiObjects.MAPPER.createObjectNode();
    own(
        change,
        object.orElseThrow(),
        now,
        ApiObjects.MAPPER.valueToTree(Names.ownerReference(fresh)));
    api.patchMetadata(path, object.get(), change);
  }

  /** A syncer that writes no Endpoints deletes those of its own, if they are marked as such. */
  private void mark(Situation now) {
    if (now.isOfFresh(now.endpoints()) && !now.endpointsAreMarked()) {
      ObjectNode change = ApiObjects.MAPPER.createObjectNode();
      change
          .putObject("labels")
          .put(Names.ENDPOINTS_MANAGED_BY, Names.MANAGER)
          .put(Names.SKIP_MIRROR, "true");
      String path = Paths.endpoints(now.namespace(), now.name());
      api.patchMetadata(path, now.endpoints().orElseThrow(), change);
    }
  }

  /** Makes the old NetService the owner again; Endpoints lose the marks of the syncer. */
  private void giveBack(String path, Optional<JsonNode> object, Situation now) {
    ObjectNode change = ApiObjects.MAPPER.createObjectNode();
    own(change, object.orElseThrow(), now, Successor.reference(now));
    if (object.equals(now.endpoints())) {
      change.putObject("labels").putNull(Names.ENDPOINTS_MANAGED_BY).putNull(Names.SKIP_MIRROR);
    }
    api.patchMetadata(path, object.get(), change);
  }

  private static void own(ObjectNode change, JsonNode object, Situation now, JsonNode newOwner) {
    ArrayNode owners = change.putArray("ownerReferences");
    for (JsonNode each : object.path("metadata").path("ownerReferences")) {
      OwnerReference owner = ApiObjects.as(OwnerReference.class, each);
      if (!Predecessor.is(owner, now.name()) && !Boolean.TRUE.equals(owner.getController())) {
        owners.add(each);
      }
    }
    owners.add(newOwner);
  }

  private void await(Step step, Situation first, Predicate<Situation> holds)
      throws TimeoutException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Situation now = first;
    while (!holds.test(now)) {
      if (System.nanoTime() - end > 0) {
        String why =
            step == Step.AWAIT_SYNCER || step == Step.AWAIT_PUBLISHED ? ": " + now.told() : "";
        throw new TimeoutException(
            "gave up after " + patience.toSeconds() + " s: " + step + why + "; repeat it");
      }
      Thread.sleep(POLL_MILLIS);
      now = Situation.read(api, first.namespace(), first.name());
    }
  }
}
