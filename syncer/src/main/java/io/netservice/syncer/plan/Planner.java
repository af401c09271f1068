package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All rules in one pure call: what is asked for, the pods and what exists give what is to be
 * written. The semantics are those of the endpoints and endpointslice controllers of
 * kube-controller-manager, on another network.
 *
 * <p>The same input gives the same plan; a plan that was carried out leaves nothing to plan.
 * Stateless, may be called from any thread.
 */
public final class Planner {

  private final PlannerSettings settings;

  public Planner(PlannerSettings settings) {
    this.settings = settings;
  }

  /**
   * The plan for one NetService.
   *
   * @param owner the NetService, with a spec
   * @param pods the pods that its selector selects, in any order
   * @param current what exists
   * @param zoneOf the zone of a node, empty if it has none
   * @param now the time for conditions that change, RFC 3339
   */
  public Plan plan(
      NetService owner,
      Collection<PodView> pods,
      Current current,
      UnaryOperator<String> zoneOf,
      String now) {
    if (owner.getMetadata().getDeletionTimestamp() != null) {
      return new Plan(Optional.empty(), List.of(), List.of(), List.of(), Optional.empty());
    }
    Optional<String> inTheWay = inTheWay(owner, current);
    if (inTheWay.isPresent()) {
      List<HasMetadata> ours = new ArrayList<>(current.slices());
      current.endpoints().ifPresent(ours::add);
      return new Plan(
          Optional.empty(),
          List.of(),
          List.of(),
          ours,
          StatusPlan.conflict(owner, inTheWay.get(), now));
    }

    Optional<Plan.ServiceChange> service = ServicePlan.change(owner, current.service());
    Selection selection = Selection.of(owner, pods, zoneOf);

    SlicesPlan slices = new SlicesPlan(owner, settings.maxEndpointsPerSlice());
    List<IpFamily> inUse = familiesInUse(owner, current.service());
    for (IpFamily family : IpFamily.values()) {
      slices.plan(
          family,
          selection.of(family),
          SlicesPlan.inOrder(ofFamily(current.slices(), family)),
          inUse.contains(family));
    }
    List<HasMetadata> creates = new ArrayList<>(slices.creates());
    List<HasMetadata> updates = new ArrayList<>(slices.updates());
    List<HasMetadata> deletes = new ArrayList<>(slices.deletes());
    if (settings.writeEndpoints()) {
      Endpoints wanted = EndpointsPlan.desired(owner, current.endpoints(), selection.all());
      if (current.endpoints().isEmpty()) {
        creates.add(wanted);
      } else if (!wanted.equals(current.endpoints().get())) {
        updates.add(wanted);
      }
    } else {
      current.endpoints().ifPresent(deletes::add);
    }
    Optional<NetServiceStatus> status = StatusPlan.published(owner, selection, now);
    return new Plan(service, creates, updates, deletes, status);
  }

  private static Optional<String> inTheWay(NetService owner, Current current) {
    Optional<Service> foreign =
        current.service().filter(service -> !Names.controls(owner, service));
    if (foreign.isEmpty()) {
      return current.foreign();
    }
    String whose =
        Names.controller(foreign.get())
            .map(o -> "is controlled by " + o.getKind() + " " + o.getName())
            .orElse("was not made by this NetService");
    return Optional.of(
        "Service "
            + owner.getMetadata().getNamespace()
            + "/"
            + owner.getMetadata().getName()
            + " "
            + whose
            + ": delete it or choose another name");
  }

  /** The families that have a placeholder when they are empty, as an ordinary Service has. */
  private static List<IpFamily> familiesInUse(NetService owner, Optional<Service> service) {
    List<IpFamily> asked = owner.getSpec().ipFamilies();
    if (!asked.isEmpty()) {
      return asked;
    }
    List<String> given = service.map(s -> s.getSpec().getIpFamilies()).orElse(null);
    if (given == null || given.isEmpty()) {
      return List.of(IpFamily.IPV4);
    }
    return List.of(IpFamily.values()).stream()
        .filter(family -> given.contains(family.value()))
        .toList();
  }

  private static List<EndpointSlice> ofFamily(List<EndpointSlice> slices, IpFamily family) {
    return slices.stream().filter(slice -> family.value().equals(slice.getAddressType())).toList();
  }
}
