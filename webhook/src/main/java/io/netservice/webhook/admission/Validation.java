package io.netservice.webhook.admission;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.netservice.api.NetService;
import io.netservice.api.Predecessor;
import io.netservice.network.NamespaceIsolation;
import io.netservice.network.NetworkName;
import io.netservice.validation.Violation;
import io.netservice.webhook.admission.ServiceLookup.FoundService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a NetService that breaks a rule or whose Service it would not own. An update that leaves
 * the specification alone is not looked at: labels and annotations of an object stay free, whatever
 * rules and neighbours it has got since.
 */
final class Validation implements AdmissionHandler.Admission {

  private static final Logger log = LoggerFactory.getLogger(Validation.class);

  private final ServiceLookup services;
  private final NetworkLookup networks;
  private final NamespaceIsolation isolation;
  private final Set<String> namespaces;

  Validation(
      ServiceLookup services,
      NetworkLookup networks,
      NamespaceIsolation isolation,
      Set<String> namespaces) {
    this.services = services;
    this.networks = networks;
    this.isolation = isolation;
    this.namespaces = Set.copyOf(namespaces);
  }

  @Override
  public Decision decide(AdmissionRequest request) {
    if (request.keepsSpec()) {
      return new Decision.Allowed();
    }
    try {
      NetService netService = Rules.check(request.object());
      NetworkName network = network(request, netService);
      Optional<String> refusal = isolation.refusal(network, request.namespace());
      return refusal.isPresent()
          ? new Decision.Denied(
              "spec.netAttachDef: " + Violation.show(network) + ": " + refusal.get())
          : besideOthers(request, netService);
    } catch (Rules.BrokenException e) {
      return e.denied();
    }
  }

  /** Looks at what else is there: the Service of the same name and the network. */
  private Decision besideOthers(AdmissionRequest request, NetService netService) {
    if (!namespaces.isEmpty() && !namespaces.contains(request.namespace())) {
      // Nor may the webhook look at what is there.
      return new Decision.Allowed(
          List.of(
              "metadata.namespace: "
                  + Violation.show(request.namespace())
                  + ": nothing is published from here, but from "
                  + String.join(", ", new TreeSet<>(namespaces))
                  + " alone"));
    }
    String name = netService.getMetadata().getName();
    List<String> warnings = new ArrayList<>();
    try {
      Optional<String> conflict =
          services
              .find(request.namespace(), name)
              .filter(service -> !belongs(service, request, netService))
              .map(service -> conflict(request.namespace(), name, service));
      if (conflict.isPresent() && request.operation() == Operation.CREATE) {
        return new Decision.Denied(conflict.get());
      }
      conflict.ifPresent(warnings::add);
    } catch (LookupException e) {
      // Nothing is lost: the syncer leaves a Service alone that belongs to someone else.
      log.warn("{}/{}: admitted without a look at the Service", request.namespace(), name, e);
      warnings.add("metadata.name: it could not be found out whether a Service has this name");
    }
    missing(network(request, netService)).ifPresent(warnings::add);
    return new Decision.Allowed(warnings);
  }

  /**
   * Whether the Service is the NetService's own. A NetService that is created has no Service yet;
   * one that belongs to a NetService of the same name was left by its predecessor, and the garbage
   * collector is about to remove it, or is to be handed over by {@code migrate}. An existing
   * NetService is told by its uid.
   */
  private static boolean belongs(
      FoundService service, AdmissionRequest request, NetService netService) {
    return service
        .controller()
        .filter(owner -> isNetService(owner) || isMigrated(netService, owner))
        .filter(
            owner ->
                request.operation() == Operation.CREATE
                    ? netService.getMetadata().getName().equals(owner.getName())
                    : owner.getUid().equals(netService.getMetadata().getUid()))
        .isPresent();
  }

  /** Whether {@code netService} is made to take the place of {@code owner}. */
  private static boolean isMigrated(NetService netService, OwnerReference owner) {
    ObjectMeta metadata = netService.getMetadata();
    return Predecessor.is(owner, metadata.getName())
        && metadata.getAnnotations() != null
        && metadata.getAnnotations().containsKey(Predecessor.MIGRATED_FROM);
  }

  /** Whichever version of the API the reference speaks of. */
  private static boolean isNetService(OwnerReference owner) {
    return NetService.KIND.equals(owner.getKind())
        && owner.getApiVersion().startsWith(NetService.GROUP + "/");
  }

  private static String conflict(String namespace, String name, FoundService service) {
    String owner =
        service
            .controller()
            .map(reference -> " and belongs to " + reference.getKind() + " " + reference.getName())
            .orElse("");
    return "metadata.name"
        + ": "
        + Violation.show(name)
        + ": must not be the name of a Service that this NetService does not own; Service "
        + namespace
        + "/"
        + name
        + " exists"
        + owner;
  }

  private static NetworkName network(AdmissionRequest request, NetService netService) {
    return NetworkName.parse(netService.getSpec().netAttachDef(), request.namespace());
  }

  private Optional<String> missing(NetworkName network) {
    try {
      return networks.exists(network)
          ? Optional.empty()
          : Optional.of(
              "spec.netAttachDef: "
                  + Violation.show(network)
                  + ": there is no such NetworkAttachmentDefinition");
    } catch (LookupException e) {
      log.debug("{}: not looked at", network, e);
      return Optional.empty();
    }
  }
}
