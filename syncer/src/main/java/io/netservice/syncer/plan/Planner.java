package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Reason;
import io.netservice.api.ServiceType;
import io.netservice.network.NetworkName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * All rules in one pure call: what is asked for, the pods and what exists give what is to be
 * written. The semantics are those of the endpoints and endpointslice controllers of
 * kube-controller-manager, on another network.
 *
 * <p>The same input gives the same plan; a plan that was carried out leaves nothing to plan.
 * Stateless, may be called from any thread.
 */
public final class Planner {

  private static final Plan NOTHING =
      new Plan(Optional.empty(), List.of(), List.of(), Optional.empty());

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
   * @param zoneOf the zone of a Node, {@code ""} if it has none; empty if there is no such Node
   * @param moment the times that go into what is written
   * @param memory of the plan before for this NetService, or a new one
   */
  public Plan plan(
      NetService owner,
      Collection<PodView> pods,
      Current current,
      Function<String, Optional<String>> zoneOf,
      Moment moment,
      PlanMemory memory) {
    if (Names.isLeavingBehind(owner.getMetadata())) {
      return NOTHING;
    }
    Plan plan = wanted(owner, pods, current, zoneOf, moment, memory);
    // On its way out nothing new is made for it, but what is there stays true until it goes, too.
    return Names.isTerminating(owner.getMetadata())
        ? new Plan(
            plan.service().filter(Plan.ServiceChange.Update.class::isInstance),
            plan.writes().stream().filter(write -> !write.isCreation()).toList(),
            plan.deletes(),
            plan.status())
        : plan;
  }

  /**
   * The status that tells that what was planned can't be written, empty if it says so already.
   *
   * @param reason in a word
   * @param what can't be written, and why, for a person to read
   * @param now as in {@link Moment}
   */
  public static Optional<NetServiceStatus> unwritable(
      NetService owner, Reason reason, String what, String now) {
    return StatusPlan.stuck(owner, reason, what, now);
  }

  private Plan wanted(
      NetService owner,
      Collection<PodView> pods,
      Current current,
      Function<String, Optional<String>> zoneOf,
      Moment moment,
      PlanMemory memory) {
    Optional<InTheWay> inTheWay = obstacle(owner, current);
    if (inTheWay.isPresent()) {
      memory.tally(Tally.NONE);
      List<OwnedObject> ours = new ArrayList<>(current.slices());
      current.endpoints().ifPresent(ours::add);
      ours.removeIf(object -> Names.isTerminating(object.metadata()));
      return new Plan(
          Optional.empty(),
          List.of(),
          ours,
          StatusPlan.failed(owner, inTheWay.get().reason(), inTheWay.get().what(), moment.now()));
    }

    Optional<Plan.ServiceChange> service = ServicePlan.change(owner, current);
    Selection selection = selection(owner, pods, current, zoneOf, memory);
    memory.tally(Tally.of(selection));
    SlicesPlan slices =
        new SlicesPlan(owner, settings.maxEndpointsPerSlice(), current, moment.trigger());
    List<IpFamily> inUse = familiesInUse(owner, current.service());
    Set<IpFamily> families = selection.families();
    boolean nobody = families.stream().allMatch(each -> selection.inSlices(each).isEmpty());
    SlicesPlan.WhenEmpty whenInUse =
        nobody ? SlicesPlan.WhenEmpty.EMPTY_SLICE : SlicesPlan.WhenEmpty.LEAVE_ONE;
    for (IpFamily family : IpFamily.values()) {
      boolean isInUse = inUse.contains(family) && families.contains(family);
      slices.plan(
          family,
          selection.inSlices(family),
          current.slices(),
          isInUse ? whenInUse : SlicesPlan.WhenEmpty.NO_SLICE);
    }
    slices.deleteOthers(current.slices());
    List<Plan.Write> writes = new ArrayList<>(slices.writes());
    List<OwnedObject> deletes = new ArrayList<>(slices.deletes());
    // After the slices: Endpoints that were somebody else's are mirrored into slices until they are
    // written here for the first time. Those on their way out are left alone until they are gone:
    // only then can there be others.
    if (current.endpoints().filter(known -> Names.isTerminating(known.metadata())).isEmpty()) {
      if (settings.writeEndpoints()) {
        EndpointsPlan.change(owner, current, selection, moment.trigger())
            .ifPresent(each -> writes.add(new Plan.Write(each, current.endpoints().isEmpty())));
      } else {
        current.endpoints().ifPresent(deletes::add);
      }
    }
    Optional<NetServiceStatus> status =
        StatusPlan.published(owner, selection, current.networkMissing(), moment.now());
    return new Plan(service, writes, deletes, status);
  }

  private static Selection selection(
      NetService owner,
      Collection<PodView> pods,
      Current current,
      Function<String, Optional<String>> zoneOf,
      PlanMemory memory) {
    Set<IpFamily> families = familiesToPublish(owner, current.service());
    return new Selection(
        PlanMemory.Context.of(owner, families, Hints.of(current.service())), pods, zoneOf, memory);
  }

  /** The plan that {@link #plan} makes, with what becomes of each pod, and why. */
  public Explained explain(
      NetService owner,
      Collection<PodView> pods,
      Current current,
      Function<String, Optional<String>> zoneOf,
      Moment moment) {
    PlanMemory memory = new PlanMemory();
    Plan plan = plan(owner, pods, current, zoneOf, moment, memory);
    Selection selection = selection(owner, pods, current, zoneOf, memory);
    List<PodVerdict> verdicts = Explained.verdicts(owner, pods, selection, memory);
    Optional<String> obstacle = obstacle(owner, current).map(InTheWay::what);
    if (obstacle.isPresent()) {
      return new Explained(plan, obstacle, verdicts, List.of(), Optional.of(List.of()));
    }
    return new Explained(
        plan,
        obstacle,
        verdicts,
        Explained.groups(selection),
        settings.writeEndpoints()
            ? Optional.of(new Subsets(selection, owner.getSpec().ports().isEmpty()).filled())
            : Optional.empty());
  }

  /** Why nothing can be published, for a condition. */
  private record InTheWay(Reason reason, String what) {}

  private Optional<InTheWay> obstacle(NetService owner, Current current) {
    return notAllowed(owner).or(() -> inTheWay(owner, current));
  }

  /** The webhook refuses it, too, but not what was there before the option or while it was away. */
  private Optional<InTheWay> notAllowed(NetService owner) {
    String namespace = owner.getMetadata().getNamespace();
    NetworkName network = NetworkName.parse(owner.getSpec().netAttachDef(), namespace);
    return settings
        .isolation()
        .refusal(network, namespace)
        .map(why -> new InTheWay(Reason.NOT_ALLOWED, "spec.netAttachDef: " + network + ": " + why));
  }

  private static Optional<InTheWay> inTheWay(NetService owner, Current current) {
    Optional<ObjectMeta> foreign =
        current
            .service()
            .map(Service::getMetadata)
            .filter(service -> !Names.controls(owner, service))
            .filter(service -> !isTakenOver(owner, service));
    if (foreign.isEmpty()) {
      return current.foreign().map(what -> new InTheWay(Reason.SERVICE_CONFLICT, what));
    }
    String service =
        "Service " + owner.getMetadata().getNamespace() + "/" + owner.getMetadata().getName();
    if (Names.isTerminating(foreign.get())) {
      return Optional.of(
          new InTheWay(
              Reason.SERVICE_TERMINATING, service + " is being deleted: replaced once it is gone"));
    }
    String whose =
        Names.controller(foreign.get())
            .map(o -> " is controlled by " + o.getKind() + " " + o.getName())
            .orElse(" was not made by this NetService");
    return Optional.of(
        new InTheWay(
            Reason.SERVICE_CONFLICT, service + whose + ": delete it or choose another name"));
  }

  /** What a predecessor left goes on with {@code owner}, unless it is on its way out. */
  private static boolean isTakenOver(NetService owner, ObjectMeta service) {
    return Names.isOfPredecessor(owner, service) && !Names.isTerminating(service);
  }

  /** The families that have a placeholder when they are empty, as an ordinary Service has. */
  private static List<IpFamily> familiesInUse(NetService owner, Optional<Service> service) {
    List<IpFamily> asked = owner.getSpec().ipFamilies();
    if (!asked.isEmpty()) {
      return asked;
    }
    List<IpFamily> given = familiesOf(service);
    return given.isEmpty() ? List.of(IpFamily.IPV4) : given;
  }

  /**
   * The families to publish: those asked for, and of a Service with a cluster IP only those it has
   * got, as nothing forwards to others.
   */
  private static Set<IpFamily> familiesToPublish(NetService owner, Optional<Service> service) {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    List.of(IpFamily.values()).stream().filter(owner.getSpec()::publishes).forEach(families::add);
    List<IpFamily> given = familiesOf(service);
    if (owner.getSpec().type() != ServiceType.HEADLESS && !given.isEmpty()) {
      families.retainAll(given);
    }
    return families;
  }

  private static List<IpFamily> familiesOf(Optional<Service> service) {
    List<String> given = service.map(s -> s.getSpec().getIpFamilies()).orElse(null);
    return List.of(IpFamily.values()).stream()
        .filter(family -> given != null && given.contains(family.value()))
        .toList();
  }
}
