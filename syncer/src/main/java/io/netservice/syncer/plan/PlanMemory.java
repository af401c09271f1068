package io.netservice.syncer.plan;

import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import io.netservice.network.NetworkName;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was worked out of the pods of a NetService for the plan before, so that the next one, for
 * which most pods are the same, need not work it out again. It makes no difference to a plan.
 *
 * <p>For one NetService, and one thread at a time but for {@link #tally}.
 */
public final class PlanMemory {

  private Context context;
  private volatile Tally tally = Tally.NONE;
  private IdentityHashMap<PodView, PodEndpoints> pods = new IdentityHashMap<>();
  private final Map<List<SlicePort>, List<SlicePort>> ports = new HashMap<>();

  /** All that the endpoints of a pod depend on but the pod and its Node. */
  record Context(
      String namespace,
      String name,
      NetworkName network,
      Optional<String> podInterface,
      List<NetServicePort> ports,
      boolean publishNotReady,
      Set<IpFamily> families,
      Hints hints) {

    static Context of(NetService owner, Set<IpFamily> families, Hints hints) {
      NetServiceSpec spec = owner.getSpec();
      String namespace = owner.getMetadata().getNamespace();
      return new Context(
          namespace,
          owner.getMetadata().getName(),
          NetworkName.parse(spec.netAttachDef(), namespace),
          Optional.ofNullable(spec.podInterface()),
          spec.ports(),
          spec.publishNotReadyAddresses(),
          Set.copyOf(families),
          hints);
    }
  }

  /** Nothing is remembered yet. */
  public PlanMemory() {}

  /** What the plan before publishes. May be called from any thread. */
  public Tally tally() {
    return tally;
  }

  void tally(Tally published) {
    tally = published;
  }

  /** A plan for {@code selected} begins; what was worked out for another context is forgotten. */
  void begin(Context now, Collection<PodView> selected) {
    if (!now.equals(context)) {
      context = now;
      ports.clear();
      pods.clear();
    } else if (pods.size() > selected.size() + selected.size() / 8 + 16) {
      forgetAllBut(selected);
    }
  }

  /** Forgets pods that have gone, and pods as they were once. */
  private void forgetAllBut(Collection<PodView> selected) {
    IdentityHashMap<PodView, PodEndpoints> kept = new IdentityHashMap<>(selected.size() + 16);
    for (PodView pod : selected) {
      PodEndpoints known = pods.get(pod);
      if (known != null) {
        kept.put(pod, known);
      }
    }
    pods = kept;
  }

  /**
   * The endpoints of {@code pod}.
   *
   * @param zone of its Node, as the planner is told it
   */
  PodEndpoints of(PodView pod, Optional<String> zone) {
    PodEndpoints known = pods.get(pod);
    if (known == null || !known.isIn(zone)) {
      known = PodEndpoints.of(context, pod, zone, ports(pod));
      pods.put(pod, known);
    }
    return known;
  }

  /** The endpoints of {@code pod} as the plan before has worked them out. */
  PodEndpoints known(PodView pod) {
    return pods.get(pod);
  }

  /** One list for all pods that have the same ports. */
  private List<SlicePort> ports(PodView pod) {
    List<SlicePort> own = SlicePort.of(context.ports, pod);
    List<SlicePort> shared = ports.putIfAbsent(own, own);
    return shared == null ? own : shared;
  }
}
