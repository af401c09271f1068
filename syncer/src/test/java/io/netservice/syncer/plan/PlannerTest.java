package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.ServiceType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules, one behaviour at a time. */
class PlannerTest {

  private static final String NOW = "2026-01-02T03:04:05Z";

  private final Planner planner = new Planner(new PlannerSettings(100, true));
  private String network = "core";
  private String podInterface;
  private ServiceType type = ServiceType.HEADLESS;
  private List<NetServicePort> ports = List.of();
  private boolean publishNotReady;
  private List<IpFamily> families = List.of();

  private NetService db() {
    NetService db = new NetService();
    db.getMetadata().setNamespace("shop");
    db.getMetadata().setName("db");
    db.getMetadata().setUid("uid-db");
    db.getMetadata().setGeneration(1L);
    db.setSpec(
        new NetServiceSpec(
            network, podInterface, Map.of("app", "db"), type, ports, publishNotReady, families));
    return db;
  }

  private Plan plan(NetService owner, Current current, Pods... pods) {
    return planner.plan(
        owner, Arrays.stream(pods).map(Pods::view).toList(), current, node -> "zone-a", NOW);
  }

  /** Carries plans out in memory until there is nothing left to do; more than a few is a loop. */
  private Current settled(NetService owner, Current start, Pods... pods) {
    Current current = start;
    for (int round = 0; round < 4; round++) {
      Plan plan = plan(owner, current, pods);
      if (plan.isEmpty()) {
        return current;
      }
      plan.status().ifPresent(owner::setStatus);
      current = carriedOut(plan, current);
    }
    throw new AssertionError("planning does not end");
  }

  private static Current carriedOut(Plan plan, Current on) {
    Optional<Service> service = on.service();
    if (plan.service().isPresent()) {
      service =
          switch (plan.service().get().getClass().getSimpleName()) {
            case "Create" ->
                Optional.of(((Plan.ServiceChange.Create) plan.service().get()).service());
            case "Update" ->
                Optional.of(((Plan.ServiceChange.Update) plan.service().get()).service());
            default -> Optional.empty();
          };
    }
    Map<String, HasMetadata> objects = new java.util.TreeMap<>();
    Stream.concat(on.endpoints().stream(), on.slices().stream())
        .forEach(object -> objects.put(object.getKind() + object.getMetadata().getName(), object));
    Stream.concat(plan.creates().stream(), plan.updates().stream())
        .forEach(object -> objects.put(object.getKind() + object.getMetadata().getName(), object));
    plan.deletes()
        .forEach(object -> objects.remove(object.getKind() + object.getMetadata().getName()));
    return new Current(
        service,
        objects.values().stream()
            .filter(Endpoints.class::isInstance)
            .map(Endpoints.class::cast)
            .findFirst(),
        objects.values().stream()
            .filter(EndpointSlice.class::isInstance)
            .map(EndpointSlice.class::cast)
            .toList(),
        Optional.empty());
  }

  private Current published(Pods... pods) {
    return settled(db(), Current.none(), pods);
  }

  private static String slices(Current current) {
    TreeSet<String> result = new TreeSet<>();
    for (EndpointSlice slice : current.slices()) {
      for (Endpoint endpoint : slice.getEndpoints()) {
        var is = endpoint.getConditions();
        result.add(
            endpoint.getAddresses().get(0)
                + (is.getReady() ? " ready" : "")
                + (is.getServing() ? " serving" : "")
                + (is.getTerminating() ? " terminating" : ""));
      }
    }
    return result.toString();
  }

  private static String endpoints(Current current) {
    List<String> result = new ArrayList<>();
    current
        .endpoints()
        .orElseThrow()
        .getSubsets()
        .forEach(
            subset -> {
              subset.getAddresses().forEach(address -> result.add(address.getIp()));
              subset.getNotReadyAddresses().forEach(a -> result.add("(" + a.getIp() + ")"));
            });
    return result.toString();
  }

  @Test
  void serviceComesFirstHeadlessWithoutSelectorAndOwned() {
    Plan plan = plan(db(), Current.none(), pod("a").ready().on("core", "10.0.0.1"));
    Service service =
        assertInstanceOf(Plan.ServiceChange.Create.class, plan.service().orElseThrow()).service();
    assertEquals("None", service.getSpec().getClusterIP());
    assertTrue(service.getSpec().getSelector().isEmpty());
    var owner = service.getMetadata().getOwnerReferences().get(0);
    assertEquals("uid-db", owner.getUid());
    assertTrue(owner.getController());
  }

  @Test
  void conditionsOfPodsAreConditionsOfEndpoints() {
    Current current =
        published(
            pod("a").ready().on("core", "10.0.0.1"),
            pod("b").on("core", "10.0.0.2"),
            pod("c").ready().terminating().on("core", "10.0.0.3"),
            pod("d").terminating().on("core", "10.0.0.4"),
            pod("e").finished().on("core", "10.0.0.5"),
            pod("f").ready());
    assertEquals(
        "[10.0.0.1 ready serving, 10.0.0.2, 10.0.0.3 serving terminating, 10.0.0.4 terminating]",
        slices(current));
    assertEquals("[10.0.0.1, (10.0.0.2)]", endpoints(current));
  }

  @Test
  void publishNotReadyMakesAllReadyAndKeepsServingTrue() {
    publishNotReady = true;
    Current current =
        published(
            pod("b").on("core", "10.0.0.2"), pod("c").ready().terminating().on("core", "10.0.0.3"));
    assertEquals("[10.0.0.2 ready, 10.0.0.3 ready serving terminating]", slices(current));
    assertEquals("[10.0.0.2, 10.0.0.3]", endpoints(current));
  }

  @Test
  void eachFamilyHasItsOwnSlice() {
    Current current = published(pod("a").ready().on("core", "10.0.0.1", "fd00::1", "10.0.0.2"));
    assertEquals(
        List.of("IPv4 2", "IPv6 1"),
        current.slices().stream()
            .map(slice -> slice.getAddressType() + " " + slice.getEndpoints().size())
            .sorted()
            .toList());
  }

  @Test
  void onlyTheAskedFamilyIsPublished() {
    families = List.of(IpFamily.IPV6);
    assertEquals(
        "[fd00::1 ready serving]",
        slices(published(pod("a").ready().on("core", "10.0.0.1", "fd00::1"))));
  }

  @Test
  void networksAreComparedByFullName() {
    network = "networks/core";
    assertEquals(
        "[10.0.0.1 ready serving]",
        slices(
            published(
                pod("a").ready().on("networks/core", "10.0.0.1"),
                pod("b").ready().on("core", "10.0.0.2"),
                pod("c").ready().on("shop/core", "10.0.0.3"),
                pod("d").ready().on("networks/core2", "10.0.0.4"))));
  }

  @Test
  void clustersOwnNetworkWithABareNameIsNobodysMatch() {
    assertEquals("[]", slices(published(pod("a").ready().on("core", "eth0", true, "10.0.0.1"))));
    network = "kube-system/alt";
    assertEquals(
        "[10.0.0.1 ready serving]",
        slices(published(pod("a").ready().on("kube-system/alt", "eth0", true, "10.0.0.1"))));
  }

  @Test
  void onlyTheAskedInterfaceCounts() {
    podInterface = "net2";
    assertEquals(
        "[10.0.0.2 ready serving]",
        slices(published(pod("a").ready().on("core", "10.0.0.1").on("core", "10.0.0.2"))));
  }

  @Test
  void addressClaimedTwiceBelongsToTheReadyThenToTheOlder() {
    Current current =
        published(
            pod("old").created("2020-01-01T00:00:00Z").on("core", "10.0.0.1", "10.0.0.2"),
            pod("new").ready().on("core", "10.0.0.1"),
            pod("newest").created("2026-01-03T00:00:00Z").on("core", "10.0.0.2"));
    assertEquals(
        List.of("new", "old"),
        current.slices().get(0).getEndpoints().stream()
            .map(endpoint -> endpoint.getTargetRef().getName())
            .toList());
  }

  @Test
  void hostnameCountsWhereTheSubdomainIsTheService() {
    Current current =
        published(
            pod("db-0").ready().named("db-0", "db").on("core", "10.0.0.1"),
            pod("db-1").ready().named("db-1", "other").on("core", "10.0.0.2"));
    assertEquals(
        Arrays.asList("db-0", null),
        current.slices().get(0).getEndpoints().stream().map(Endpoint::getHostname).toList());
  }

  @Test
  void podsWithOtherNumbersForANamedPortAreInOtherSlices() {
    ports = List.of(new NetServicePort("http", null, 80, new IntOrString("web"), null));
    Current current =
        published(
            pod("a").ready().port("web", 8080).on("core", "10.0.0.1"),
            pod("b").ready().port("web", 9090).on("core", "10.0.0.2"));
    assertEquals(
        List.of("8080 10.0.0.1", "9090 10.0.0.2"),
        current.slices().stream()
            .map(
                slice ->
                    slice.getPorts().get(0).getPort()
                        + " "
                        + slice.getEndpoints().get(0).getAddresses().get(0))
            .sorted()
            .toList());
    assertEquals(2, current.endpoints().orElseThrow().getSubsets().size());
  }

  @Test
  void endpointsStopAtAThousandReadyOnesFirst() {
    Pods[] pods =
        IntStream.range(0, 1100)
            .mapToObj(
                i -> {
                  Pods pod = pod("p" + i).on("core", "10.1." + i / 200 + "." + i % 200);
                  return i < 200 ? pod : pod.ready();
                })
            .toArray(Pods[]::new);
    Current current = published(pods);
    var subset = current.endpoints().orElseThrow().getSubsets().get(0);
    assertEquals(900, subset.getAddresses().size());
    assertEquals(100, subset.getNotReadyAddresses().size());
    assertEquals(
        "truncated",
        current.endpoints().get().getMetadata().getAnnotations().get(Names.OVER_CAPACITY));
    assertEquals(11, current.slices().size());
  }

  @Test
  void nobodyIsAnEmptySliceAndEndpointsWithoutSubsets() {
    Current current = published();
    assertEquals(1, current.slices().size());
    assertTrue(current.slices().get(0).getEndpoints().isEmpty());
    assertTrue(current.endpoints().orElseThrow().getSubsets().isEmpty());
  }

  @Test
  void oneChangedPodRewritesOneSliceAndNothingTwice() {
    Pods[] pods =
        IntStream.range(0, 250)
            .mapToObj(i -> pod("p" + i).ready().on("core", "10.1." + i / 200 + "." + i % 200))
            .toArray(Pods[]::new);
    NetService owner = db();
    Current current = settled(owner, Current.none(), pods);
    pods[249] = pod("p249").on("core", "10.1.1.49");
    Plan plan = plan(owner, current, pods);
    assertEquals(
        List.of("EndpointSlice", "Endpoints"),
        plan.updates().stream().map(HasMetadata::getKind).toList());
    assertTrue(plan.creates().isEmpty() && plan.deletes().isEmpty());
  }

  @Test
  void malformedStatusConcernsItsOwnPodAlone() {
    NetService owner = db();
    Current current =
        settled(
            owner,
            Current.none(),
            pod("good").ready().on("core", "10.0.0.1"),
            pod("bad").ready().annotated("[{"));
    assertEquals("[10.0.0.1 ready serving]", slices(current));
    var degraded = owner.getStatus().conditions().get(1);
    assertEquals("Degraded", degraded.type());
    assertTrue(degraded.message().contains("pod bad"), degraded.message());
    assertEquals(1, owner.getStatus().endpoints().skipped());
  }

  @Test
  void somebodyElsesServiceIsLeftAloneAndNothingStaysInItsName() {
    Current ours = published(pod("a").ready().on("core", "10.0.0.1"));
    Service foreign =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("db")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    Plan plan =
        plan(
            db(),
            new Current(Optional.of(foreign), ours.endpoints(), ours.slices(), Optional.empty()),
            pod("a").ready().on("core", "10.0.0.1"));
    assertTrue(plan.service().isEmpty() && plan.creates().isEmpty() && plan.updates().isEmpty());
    assertEquals(2, plan.deletes().size());
    assertEquals("ServiceConflict", plan.status().orElseThrow().conditions().get(0).reason());
  }

  @Test
  void clusterIpCannotComeOrGoInPlace() {
    Current headless = published(pod("a").ready().on("core", "10.0.0.1"));
    type = ServiceType.CLUSTER_IP;
    ports = List.of(new NetServicePort("http", null, 80, null, null));
    assertInstanceOf(
        Plan.ServiceChange.Replace.class, plan(db(), headless).service().orElseThrow());
  }

  @Test
  void fieldsOfOthersOnTheServiceStay() {
    NetService owner = db();
    Current current = settled(owner, Current.none());
    Service edited =
        new ServiceBuilder(current.service().orElseThrow())
            .editMetadata()
            .addToLabels("team", "a")
            .endMetadata()
            .editSpec()
            .withSessionAffinity("ClientIP")
            .endSpec()
            .build();
    Plan plan =
        plan(
            owner,
            new Current(
                Optional.of(edited), current.endpoints(), current.slices(), Optional.empty()));
    assertTrue(plan.isEmpty());
  }

  @Test
  void nothingIsMadeForWhatIsBeingDeleted() {
    NetService owner = db();
    owner.getMetadata().setDeletionTimestamp(NOW);
    assertTrue(plan(owner, Current.none(), pod("a").ready().on("core", "10.0.0.1")).isEmpty());
  }
}
