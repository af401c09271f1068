package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.ServiceType;
import io.netservice.network.NamespaceIsolation;
import io.netservice.syncer.Microbenchmark;
import io.netservice.syncer.apply.OwnedObjectWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What one changed pod among many costs: to plan for it, to pack its slice, to write that. */
public class PlannerBenchmark extends Microbenchmark {

  @Param({"10", "100", "1000", "10000"})
  int pods;

  private static final Optional<String> ZONE = Optional.of("zone-a");

  private final PlanMemory memory = new PlanMemory();
  private final Planner planner =
      new Planner(new PlannerSettings(100, true, NamespaceIsolation.off()));
  private final Map<String, PodView> views = new LinkedHashMap<>();
  private NetService owner;
  private Current current;
  private Moment moment;
  private Collection<PodView> unchanged;
  private SliceObject slice;
  private Map<String, SliceEndpoint> desired;
  private PodView ready;
  private PodView notReady;
  private int turn;

  /** As many ready pods, all of them published. */
  @Setup(Level.Trial)
  public void publish() {
    owner = new NetService();
    owner.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName("db")
            .withUid("0b1ff7a8-5a4c-4a6e-9df0-1c6de0d3a0aa")
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .build());
    owner.setSpec(
        new NetServiceSpec(
            "networks/core",
            null,
            Map.of("app", "db"),
            ServiceType.HEADLESS,
            List.of(),
            false,
            List.of()));
    moment = new Moment("2026-01-01T00:00:00Z", Optional.empty());
    for (int i = 0; i < pods; i++) {
      PodView pod = pod(i, true);
      views.put(pod.name(), pod);
    }
    current = new Current(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    Plan plan = plan();
    Service service = ((Plan.ServiceChange.Create) plan.service().orElseThrow()).service();
    List<SliceObject> slices = new ArrayList<>();
    Optional<EndpointsObject> endpoints = Optional.empty();
    for (OwnedObject object : plan.creates()) {
      if (object instanceof SliceObject made) {
        slices.add(made);
      } else {
        endpoints = Optional.of((EndpointsObject) object);
      }
    }
    current = new Current(Optional.of(service), endpoints, slices, Optional.empty());
    owner.setStatus(plan.status().orElseThrow());
    slice = slices.get(0);
    desired = new LinkedHashMap<>();
    slices.forEach(each -> each.endpoints().forEach(e -> desired.put(e.address(), e)));
    unchanged = List.copyOf(views.values());
    ready = pod(pods / 2, true);
    notReady = pod(pods / 2, false);
  }

  private static PodView pod(int number, boolean ready) {
    Pods pod =
        Pods.pod("db-5f6d8c9b7-" + number)
            .node("node-" + number % 50)
            .on(
                "networks/core",
                "10." + number / 60_000 + "." + number / 250 % 250 + "." + (number % 250 + 1));
    return (ready ? pod.ready() : pod).view();
  }

  private Plan plan() {
    return planner.plan(owner, views.values(), current, node -> ZONE, moment, memory);
  }

  /** The readiness of one pod has changed. */
  @Benchmark
  public Plan planOneChange() {
    PodView pod = turn++ % 2 == 1 ? ready : notReady;
    views.put(pod.name(), pod);
    return plan();
  }

  /** Nothing has changed. */
  @Benchmark
  public Plan planNothing() {
    return planner.plan(owner, unchanged, current, node -> ZONE, moment, memory);
  }

  /** All endpoints into the slices there are. */
  @Benchmark
  public List<SlicePacking.Packed> pack() {
    return SlicePacking.pack(current.slices(), current.slices().get(0).ports(), desired, 100);
  }

  /** One slice, as it is sent. */
  @Benchmark
  public byte[] encodeSlice() {
    return OwnedObjectWriter.protobuf(slice);
  }
}
