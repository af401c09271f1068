package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Service;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.NetServiceStatus;
import io.netservice.network.Attachment;
import io.netservice.network.IpAddress;
import io.netservice.network.NetworkStatus;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Explained;
import io.netservice.syncer.plan.Moment;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PodVerdict;
import io.netservice.syncer.plan.PodView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Works out what is to be told, with the planner of the syncer. */
public final class Explainer {

  /** A Service is made, or deleted and made anew. */
  private static final int SERVICE_ROUNDS = 2;

  private static final String HIDDEN = "not looked at";

  private final Source source;
  private final Planner planner;
  private final Moment moment;

  /**
   * Explains what {@code source} has.
   *
   * @param now RFC 3339
   */
  public Explainer(Source source, Planner planner, String now) {
    this.source = source;
    this.planner = planner;
    this.moment = new Moment(now, Optional.empty());
  }

  /**
   * The NetService of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  NetService netService(String namespace, String name) throws Source.UnknownException {
    return source.list(Kind.NET_SERVICE, namespace, name, Map.of()).stream()
        .findFirst()
        .map(json -> Facts.read(json, NetService.class))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no NetService " + name + " in namespace " + namespace));
  }

  /** All that is to be told of {@code owner}, which has a spec. */
  public Explanation explain(NetService owner) throws Source.UnknownException {
    Facts facts = new Facts(owner, source);
    Explained explained =
        planner.explain(owner, facts.pods(), facts.current(), facts::zoneOf, moment);
    return explanation(
        owner,
        facts,
        explained,
        owner.getStatus() == null ? List.of() : owner.getStatus().conditions(),
        facts.hidden().isEmpty() ? Differences.of(owner, facts.current(), explained) : null);
  }

  private static Explanation explanation(
      NetService owner,
      Facts facts,
      Explained explained,
      List<Condition> conditions,
      List<String> differences) {
    List<Explanation.Slice> slices = facts.slices();
    List<String> notes = new ArrayList<>(facts.notes());
    explained.obstacle().ifPresent(what -> notes.add("nothing is published: " + what));
    slices.stream()
        .filter(slice -> !slice.madeBy().isEmpty() && explained.obstacle().isEmpty())
        .forEach(
            slice ->
                notes.add(
                    "slice "
                        + slice.name()
                        + " is made by "
                        + slice.madeBy()
                        + ": clients see its addresses beside those of this NetService"));
    return new Explanation(
        owner.getMetadata().getNamespace() + "/" + owner.getMetadata().getName(),
        asked(owner.getSpec()),
        facts.network(),
        facts.hidden().contains(Kind.SERVICE) ? HIDDEN : service(owner, facts.service()),
        slices,
        facts
            .endpoints()
            .map(each -> endpoints(owner, each))
            .orElse(facts.hidden().contains(Kind.ENDPOINTS) ? HIDDEN : "none"),
        conditions,
        explained.pods().stream().map(pod -> pod(owner, pod)).toList(),
        differences,
        notes);
  }

  /** What would come of {@code owner} if a syncer looked after the source. */
  Outcome outcome(NetService owner) throws Source.UnknownException {
    Facts facts = new Facts(owner, source);
    Current current = facts.current();
    Explained explained = planner.explain(owner, facts.pods(), current, facts::zoneOf, moment);
    // The Service comes first, and what goes with it is planned on what it is then.
    for (int i = 0; i < SERVICE_ROUNDS && explained.plan().service().isPresent(); i++) {
      current = current.withService(Outcome.serviceAfter(explained.plan().service().get()));
      explained = planner.explain(owner, facts.pods(), current, facts::zoneOf, moment);
    }
    List<Condition> conditions =
        explained
            .plan()
            .status()
            .map(NetServiceStatus::conditions)
            .orElseGet(
                () -> owner.getStatus() == null ? List.of() : owner.getStatus().conditions());
    return new Outcome(
        explanation(owner, facts, explained, conditions, List.of()),
        Outcome.objects(current, explained.plan()));
  }

  private static String asked(NetServiceSpec spec) {
    return spec.type()
        + (spec.podInterface() == null ? "" : ", interface " + spec.podInterface())
        + ", pods with "
        + Names.selector(spec.selector())
        + (spec.ports().isEmpty()
            ? ""
            : spec.ports().stream()
                .map(port -> port.port() + "/" + port.protocol())
                .collect(Collectors.joining(",", ", ports ", "")))
        + (spec.ipFamilies().isEmpty() ? "" : ", only " + spec.ipFamilies())
        + (spec.publishNotReadyAddresses() ? ", ready or not" : "");
  }

  private static String service(NetService owner, Optional<Service> found) {
    if (found.isEmpty()) {
      return "none";
    }
    Service service = found.get();
    String whose =
        Names.controls(owner, service.getMetadata())
            ? "made by this NetService"
            : Names.controller(service.getMetadata())
                .map(other -> "of " + other.getKind() + " " + other.getName())
                .orElse("of somebody else");
    String address = service.getSpec().getClusterIP();
    return (address == null || address.equals("None") ? "headless" : "cluster IP " + address)
        + ", "
        + whose;
  }

  private static String endpoints(NetService owner, EndpointsObject endpoints) {
    int ready = 0;
    int notReady = 0;
    for (EndpointsObject.Subset subset : endpoints.subsets()) {
      ready += subset.ready().size();
      notReady += subset.notReady().size();
    }
    return ready
        + " ready, "
        + notReady
        + " not ready"
        + (Names.has(owner, endpoints.metadata()) ? "" : ", of somebody else");
  }

  private static Explanation.Pod pod(NetService owner, PodVerdict verdict) {
    List<String> notes = new ArrayList<>();
    if (verdict.skipped().isEmpty()) {
      verdict
          .addresses()
          .forEach(
              address ->
                  address
                      .takenBy()
                      .ifPresent(
                          pod -> notes.add(address.text() + " is published for pod " + pod)));
      if (verdict.addresses().stream().anyMatch(address -> !address.inSlices())) {
        notes.add("Node " + verdict.pod().nodeName() + " does not exist: not in slices");
      }
      if (!verdict.refused().isEmpty()) {
        notes.add("address refused: " + String.join(", ", verdict.refused()));
      }
      verdict.missingPorts().forEach(port -> notes.add("it has no port named " + port));
    }
    if (owner.getSpec().publishNotReadyAddresses() && !verdict.pod().ready()) {
      notes.add("published as ready: publishNotReadyAddresses");
    }
    return new Explanation.Pod(
        verdict.pod().name(),
        state(verdict.pod()),
        verdict.addresses().stream()
            .filter(PodVerdict.Address::isPublished)
            .map(address -> new Explanation.Address(address.text(), address.ready()))
            .toList(),
        verdict.skipped().map(reason -> reason.getClass().getSimpleName()).orElse(null),
        verdict.skipped().map(reason -> reason.text()).orElse(null),
        notes);
  }

  private static String state(PodView pod) {
    if (pod.finished()) {
      return "finished";
    }
    String since = pod.readySince() == 0 ? "" : " since " + Instant.ofEpochSecond(pod.readySince());
    return (pod.terminating() ? "terminating, " : "")
        + (pod.ready() ? "ready" : "not ready" + since);
  }

  /**
   * What the NetServices of its namespace make of a pod.
   *
   * @throws IllegalArgumentException if there is no such pod
   */
  PodExplanation explainPod(String namespace, String name) throws Source.UnknownException {
    JsonNode json =
        source.list(Kind.POD, namespace, name, Map.of()).stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no pod " + name + " in namespace " + namespace));
    PodView pod = PodReader.read(json);
    Map<String, String> labels = new TreeMap<>();
    json.path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    List<PodExplanation.NetServiceOfPod> netServices = new ArrayList<>();
    for (JsonNode each : source.list(Kind.NET_SERVICE, namespace, "", Map.of())) {
      netServices.add(ofPod(Facts.read(each, NetService.class), name, labels));
    }
    netServices.sort(Comparator.comparing(PodExplanation.NetServiceOfPod::name));
    List<PodExplanation.Attached> attachments = List.of();
    String problem = null;
    if (pod.network() instanceof NetworkStatus.Present present) {
      attachments = present.attachments().stream().map(Explainer::attached).toList();
    } else if (pod.network() instanceof NetworkStatus.Malformed malformed) {
      problem = malformed.reason();
    } else {
      problem = "none yet";
    }
    return new PodExplanation(
        namespace + "/" + name,
        state(pod),
        problem,
        attachments,
        netServices,
        netServices.isEmpty()
            ? List.of("there is no NetService in namespace " + namespace)
            : List.of());
  }

  private static PodExplanation.Attached attached(Attachment attachment) {
    String told = attachment.told();
    return new PodExplanation.Attached(
        told.isEmpty() ? "the default network" : told,
        attachment.addresses().stream().map(IpAddress::text).toList(),
        attachment.refused());
  }

  private PodExplanation.NetServiceOfPod ofPod(
      NetService owner, String pod, Map<String, String> labels) throws Source.UnknownException {
    String name = owner.getMetadata().getName();
    String network = owner.getSpec().netAttachDef();
    List<String> wrong =
        new TreeMap<>(owner.getSpec().selector())
            .entrySet().stream()
                .filter(wanted -> !wanted.getValue().equals(labels.get(wanted.getKey())))
                .map(wanted -> wrong(wanted.getKey(), wanted.getValue(), labels))
                .toList();
    if (!wrong.isEmpty()) {
      return new PodExplanation.NetServiceOfPod(
          name, network, false, List.of(), String.join("; ", wrong), List.of());
    }
    Explanation explanation = explain(owner);
    Explanation.Pod found =
        explanation.pods().stream()
            .filter(each -> each.name().equals(pod))
            .findFirst()
            .orElseThrow();
    List<String> notes = new ArrayList<>(found.notes());
    explanation.conditions().stream()
        .filter(each -> each.type().equals(Condition.READY) && !each.holds())
        .forEach(each -> notes.add(each.reason() + ": " + each.message()));
    return new PodExplanation.NetServiceOfPod(
        name, network, true, found.addresses(), found.message(), notes);
  }

  private static String wrong(String key, String wanted, Map<String, String> labels) {
    String is = labels.get(key);
    return is == null
        ? "the pod has no label " + key + ", must be " + wanted
        : "the pod's label " + key + " is " + is + ", must be " + wanted;
  }
}
