package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.netservice.api.NetService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other hands did to the objects of a NetService, and what becomes of it. */
class RepairIT {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String SLICE_MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  private static final String ENDPOINTS_MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
  private static final String SPEC =
      "netAttachDef: core\nselector: {app: db}\nports: [{name: web, port: 80, targetPort: web}]\n";

  private Cluster cluster;
  private KubernetesClient client;
  private String namespace;
  private TestPods pods;
  private Published db;

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    client = cluster.client();
    namespace = cluster.newNamespace("repair");
    pods = new TestPods(client, namespace);
    db = new Published(client, namespace, "db");
  }

  private void publishDb() {
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    db.await("10.10.0.1 ready");
    Await.equal("status", "Published 1/1", db::status);
  }

  // -- By hand ------------------------------------------------------------------------------------

  /** Something done to an object that a NetService owns. */
  private record ByHand<T extends HasMetadata>(String name, Class<T> kind, Consumer<T> edit) {
    @Override
    public String toString() {
      return name;
    }

    void apply(KubernetesClient client, HasMetadata object) {
      client
          .resource(kind.cast(object))
          .edit(
              now -> {
                edit.accept(now);
                return now;
              });
    }
  }

  private static ByHand<Service> service(String name, Consumer<ServiceSpec> edit) {
    return new ByHand<>("Service: " + name, Service.class, object -> edit.accept(object.getSpec()));
  }

  private static ByHand<Endpoints> endpoints(String name, Consumer<Endpoints> edit) {
    return new ByHand<>("Endpoints: " + name, Endpoints.class, edit);
  }

  private static ByHand<EndpointSlice> slice(String name, Consumer<EndpointSlice> edit) {
    return new ByHand<>("slice: " + name, EndpointSlice.class, edit);
  }

  private static <T extends HasMetadata> Consumer<T> label(String key, String value) {
    return object -> object.getMetadata().getLabels().put(key, value);
  }

  private static <T extends HasMetadata> Consumer<T> noLabel(String key) {
    return object -> object.getMetadata().getLabels().remove(key);
  }

  static Stream<ByHand<?>> edits() {
    return Stream.of(
        service("port changed", spec -> spec.getPorts().get(0).setPort(81)),
        service("port added", spec -> spec.getPorts().add(port("other", 99))),
        service("ports removed", spec -> spec.setPorts(List.of())),
        service("not ready ones published", spec -> spec.setPublishNotReadyAddresses(true)),
        endpoints("address added", RepairIT::addAddress),
        endpoints("subsets removed", object -> object.setSubsets(List.of())),
        endpoints("managed-by removed", noLabel(ENDPOINTS_MANAGED_BY)),
        endpoints("managed-by changed", label(ENDPOINTS_MANAGED_BY, "somebody-else")),
        endpoints("skip-mirror removed", noLabel(SKIP_MIRROR)),
        slice("address changed", object -> endpoint(object).setAddresses(List.of("10.66.6.6"))),
        slice("not ready", object -> endpoint(object).getConditions().setReady(false)),
        slice("endpoints removed", object -> object.setEndpoints(List.of())),
        slice("port changed", object -> object.getPorts().get(0).setPort(81)),
        slice("managed-by removed", noLabel(SLICE_MANAGED_BY)),
        slice("managed-by changed", label(SLICE_MANAGED_BY, "somebody-else")),
        slice("service-name removed", noLabel(SERVICE_NAME)),
        slice("service-name changed", label(SERVICE_NAME, "other")),
        slice("owner removed", object -> object.getMetadata().setOwnerReferences(List.of())));
  }

  private static ServicePort port(String name, int number) {
    return new ServicePortBuilder().withName(name).withPort(number).build();
  }

  private static void addAddress(Endpoints object) {
    object.setSubsets(
        new EndpointsBuilder(object)
            .editFirstSubset()
            .addNewAddress()
            .withIp("10.66.6.6")
            .endAddress()
            .endSubset()
            .build()
            .getSubsets());
  }

  private static io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint(
      EndpointSlice slice) {
    return slice.getEndpoints().get(0);
  }

  @ParameterizedTest
  @MethodSource("edits")
  void editByHandIsRepaired(ByHand<?> edit) {
    publishDb();
    List<String> before = decided();
    edit.apply(client, owned(edit.kind()));
    Await.equal("what the NetService decides", before, this::decided);
    Await.equal("status", "Published 1/1", db::status);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void deletionByHandIsRepaired(Class<? extends HasMetadata> kind) {
    publishDb();
    List<String> before = decided();
    HasMetadata object = owned(kind);
    client.resource(object).delete();
    Await.equal("what the NetService decides", before, this::decided);
    assertNotEquals(object.getMetadata().getUid(), owned(kind).getMetadata().getUid());
  }

  static Stream<Class<? extends HasMetadata>> kinds() {
    return Stream.of(Service.class, Endpoints.class, EndpointSlice.class);
  }

  @Test
  void sliceThatIsMadeByHandAsOneOfTheNetServicesIsTakenAway() {
    publishDb();
    List<String> before = decided();
    handmadeSlice("db-by-hand", "10.66.6.6", db.netService());
    Await.equal("what the NetService decides", before, this::decided);
  }

  /**
   * With a selector the built-in controllers publish the pods' default addresses under the name,
   * and they leave their slices behind when the selector goes again.
   */
  @Test
  void selectorAddedByHandLeavesNoAddressOfTheDefaultNetwork() {
    pods.node(namespace + "-node", "a");
    pods.make("one").label("app", "db").port("web", 8080, "TCP").on(namespace + "-node").create();
    pods.attach("one", namespace + "/core", PodAddresses.dualStack(0));
    pods.ready("one", true);
    cluster.netService(namespace, "db", SPEC);
    db.await("10.200.0.1 ready", "fd00:200::1 ready");
    List<String> before = decided();
    service("selector added", spec -> spec.setSelector(Map.of("app", "db")))
        .apply(client, db.service());
    Await.equal("what is published under the name", before, this::decided);
  }

  @Test
  void labelsAndAnnotationsOfOthersStay() {
    publishDb();
    Service labelled =
        client
            .resource(db.service())
            .edit(
                now ->
                    new ServiceBuilder(now)
                        .editMetadata()
                        .addToLabels("team", "shop")
                        .addToAnnotations("note", "ours")
                        .endMetadata()
                        .build());
    assertEquals("shop", labelled.getMetadata().getLabels().get("team"));
    cluster.netService(namespace, "db", SPEC.replace("80", "81"));
    Await.equal("port", 81, () -> db.service().getSpec().getPorts().get(0).getPort());
    assertEquals("shop", db.service().getMetadata().getLabels().get("team"));
    assertEquals("ours", db.service().getMetadata().getAnnotations().get("note"));
  }

  /** The object of that kind that holds an endpoint. */
  private HasMetadata owned(Class<? extends HasMetadata> kind) {
    if (kind == Service.class) {
      return db.service();
    } else if (kind == Endpoints.class) {
      return db.endpoints();
    }
    return db.slices().stream()
        .filter(slice -> slice.getEndpoints() != null && !slice.getEndpoints().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  /** All that a NetService decides of its objects, a line for each thing; names of slices apart. */
  private List<String> decided() {
    List<String> lines = new ArrayList<>();
    Service service = db.service();
    Endpoints endpoints = db.endpoints();
    if (service != null) {
      ServiceSpec spec = service.getSpec();
      lines.add(
          "Service %s %s %s %s %s %s"
              .formatted(
                  owners(service),
                  spec.getType(),
                  spec.getClusterIP(),
                  spec.getSelector(),
                  spec.getPublishNotReadyAddresses(),
                  spec.getPorts().stream()
                      .map(p -> p.getName() + p.getPort() + p.getTargetPort().getValue())
                      .toList()));
    }
    if (endpoints != null) {
      lines.add("Endpoints %s %s".formatted(owners(endpoints), labels(endpoints.getMetadata())));
    }
    List<EndpointSlice> slices =
        Published.slicesByService(client, namespace).values().stream()
            .flatMap(List::stream)
            .toList();
    slices.stream()
        .map(each -> "slice %s %s".formatted(owners(each), labels(each.getMetadata())))
        .sorted()
        .distinct()
        .forEach(lines::add);
    lines.addAll(
        new Facts(UnaryOperator.identity(), (pod, name) -> "")
            .slices(slices)
            .endpoints(endpoints)
            .lines());
    return lines;
  }

  private static Map<String, String> labels(ObjectMeta metadata) {
    return metadata.getLabels() == null ? Map.of() : new TreeMap<>(metadata.getLabels());
  }

  private static List<String> owners(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(owner -> owner.getKind() + " " + owner.getUid() + " " + owner.getController())
        .toList();
  }

  // -- Foreign objects ----------------------------------------------------------------------------

  @Test
  void endpointsThatLoseTheirOwnerAreTakenBack() {
    publishDb();
    List<String> owners = owners(db.endpoints());
    client
        .resource(db.endpoints())
        .edit(
            now ->
                new EndpointsBuilder(now)
                    .editMetadata()
                    .withOwnerReferences(List.of())
                    .endMetadata()
                    .build());
    Await.equal("owners of Endpoints", owners, () -> owners(db.endpoints()));
  }

  /**
   * All are there before the syncer is: the webhook refuses a NetService whose name is taken, but
   * nothing refuses what comes a moment later.
   */
  @Test
  void foreignObjectsOfTheNameAreLeftAloneAndHealOnceGone() throws Exception {
    String slice = nameOfFirstSlice("c");
    List<HasMetadata> foreign = new ArrayList<>();
    cluster.whileSyncerIsAway(
        () -> {
          for (String name : List.of("a", "b", "c")) {
            pods.ready("pod-" + name, name, namespace + "/core", "10.10.0.1");
            cluster.netService(namespace, name, SPEC.replace("db", name));
          }
          foreign.add(client.resource(foreignService("a")).create());
          foreign.add(client.resource(foreignEndpoints("b")).create());
          foreign.add(handmadeSlice(slice, "10.66.6.6", null));
        });
    for (HasMetadata object : foreign) {
      String name = object instanceof EndpointSlice ? "c" : object.getMetadata().getName();
      Published published = new Published(client, namespace, name);
      Await.equal("status of " + name, "ServiceConflict 0/0", published::status);
      Await.equal("Events of " + name, 1L, () -> conflictEvents(name));
      assertUntouched(object);
      client.resource(object).delete();
      published.await("10.10.0.1 ready");
      Await.equal("status of " + name, "Published 1/1", published::status);
      assertEquals(1, conflictEvents(name));
    }
  }

  private long conflictEvents(String name) {
    return events(name, "ServiceConflict");
  }

  private long events(String name, String reason) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> name.equals(event.getInvolvedObject().getName()))
        .filter(event -> reason.equals(event.getReason()))
        .count();
  }

  @Test
  void whatItsPredecessorLeftIsNoConflict() {
    publishDb();
    for (int i = 0; i < 3; i++) {
      String before = db.service().getMetadata().getUid();
      client.resource(db.netService()).delete();
      cluster.netService(namespace, "db", SPEC);
      Await.until(
          "its own Service is there",
          () -> db.service() != null && !db.service().getMetadata().getUid().equals(before));
      db.await("10.10.0.1 ready");
      Await.equal("status", "Published 1/1", db::status);
    }
    assertEquals(0, conflictEvents("db"));
  }

  // -- Refused ------------------------------------------------------------------------------------

  @Test
  void whatTheApiServerRefusesIsToldOnceAndTriedUntilItIsTaken() {
    ResourceQuota none = quota(Map.of("services", new Quantity("0")));
    pods.ready("one", "db", namespace + "/core", "10.10.0.1");
    cluster.netService(namespace, "db", SPEC);
    Await.equal("status", "WriteFailed 0/0", db::status);
    String message = db.netService().getStatus().conditions().get(0).message();
    assertTrue(message.contains("exceeded quota: none"), message);
    Await.equal("Events", 1L, () -> events("db", "WriteFailed"));

    client.resource(none).delete();
    db.await("10.10.0.1 ready");
    Await.equal("status", "Published 1/1", db::status);
    assertEquals(1, events("db", "WriteFailed"));
  }

  @Test
  void sliceThatIsRefusedKeepsNothingElseFromBeingPutRight() {
    listening("one", 8080, "10.10.0.1");
    listening("two", 8080, "10.10.0.2");
    cluster.netService(
        namespace,
        "db",
        "netAttachDef: core\nselector: {app: db}\nports: [{name: http, port: 80, targetPort: web}]\n");
    db.await("10.10.0.1 ready", "10.10.0.2 ready");
    Quantity zero = new Quantity("0");
    ResourceQuota none = quota(Map.of("count/endpointslices.discovery.k8s.io", zero));
    // Slices of another port are others.
    listening("three", 9090, "10.10.0.3");
    Await.equal("status", "WriteFailed 2/2", db::status);

    pods.delete("two");
    Await.equal("in slices", Set.of("10.10.0.1 ready"), db::inSlices);
    Await.equal("in Endpoints", Set.of("10.10.0.1 ready", "10.10.0.3 ready"), db::inEndpoints);

    client.resource(none).delete();
    db.await("10.10.0.1 ready", "10.10.0.3 ready");
    Await.equal("status", "Published 2/2", db::status);
  }

  /** A pod of the NetService whose port has this number. */
  private void listening(String name, int port, String address) {
    pods.make(name).label("app", "db").port("web", port, "TCP").create();
    pods.annotate(name, TestPods.STATUS, TestPods.status(namespace + "/core", address));
    pods.ready(name, true);
  }

  /** A quota that the API server keeps to already. */
  private ResourceQuota quota(Map<String, Quantity> hard) {
    var quotas = client.resourceQuotas().inNamespace(namespace);
    quotas
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("none")
                .endMetadata()
                .withNewSpec()
                .withHard(hard)
                .endSpec()
                .build())
        .create();
    Await.equal("quota", hard, () -> quotas.withName("none").get().getStatus().getHard());
    return quotas.withName("none").get();
  }

  /** Compares versions: whoever writes an object changes that. */
  private void assertUntouched(HasMetadata object) {
    assertEquals(
        object.getMetadata().getResourceVersion(),
        client.resource(object).get().getMetadata().getResourceVersion());
  }

  private Service foreignService(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withPorts(port("other", 99))
        .endSpec()
        .build();
  }

  private Endpoints foreignEndpoints(String name) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .addNewSubset()
        .addNewAddress()
        .withIp("10.66.6.6")
        .endAddress()
        .endSubset()
        .build();
  }

  /** The name that the first slice of a NetService gets, learned from one that goes again. */
  private String nameOfFirstSlice(String netService) {
    Published first = new Published(client, namespace, netService);
    pods.ready("first", netService, namespace + "/core", "10.10.0.9");
    cluster.netService(namespace, netService, SPEC.replace("db", netService));
    first.await("10.10.0.9 ready");
    String name =
        first.slices().stream()
            .filter(slice -> slice.getAddressType().equals("IPv4"))
            .findFirst()
            .orElseThrow()
            .getMetadata()
            .getName();
    pods.delete("first");
    client.resource(first.netService()).delete();
    Await.until("its slices are gone", () -> first.slices().isEmpty());
    Await.until("its Service is gone", () -> first.service() == null);
    Await.until("its Endpoints are gone", () -> first.endpoints() == null);
    return name;
  }

  // -- Lost answers -------------------------------------------------------------------------------

  @Test
  void sliceOfALostAnswerIsAdoptedAndNotDoubled() throws Exception {
    String name = nameOfFirstSlice("db");
    List<EndpointSlice> left = new ArrayList<>();
    cluster.whileSyncerIsAway(
        () -> {
          pods.ready("one", "db", namespace + "/core", "10.10.0.1");
          cluster.netService(namespace, "db", SPEC);
          left.add(handmadeSlice(name, "10.10.0.1", db.netService()));
        });
    db.await("10.10.0.1 ready");
    Await.equal("status", "Published 1/1", db::status);
    List<EndpointSlice> ipv4 =
        db.slices().stream().filter(slice -> slice.getAddressType().equals("IPv4")).toList();
    assertEquals(1, ipv4.size());
    assertEquals(left.get(0).getMetadata().getUid(), ipv4.get(0).getMetadata().getUid());
  }

  /** A slice with all labels of the syncer's own, and with this owner if any. */
  private EndpointSlice handmadeSlice(String name, String address, NetService owner) {
    List<OwnerReference> owners =
        owner == null
            ? List.of()
            : List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion(NetService.API_VERSION)
                    .withKind(NetService.KIND)
                    .withName(owner.getMetadata().getName())
                    .withUid(owner.getMetadata().getUid())
                    .withController(true)
                    .withBlockOwnerDeletion(true)
                    .build());
    Map<String, String> labels =
        owner == null
            ? Map.of(SERVICE_NAME, "elsewhere", SLICE_MANAGED_BY, "somebody-else")
            : Map.of(
                SERVICE_NAME,
                owner.getMetadata().getName(),
                SLICE_MANAGED_BY,
                "syncer.netservice.cni.cncf.io");
    return client
        .resource(
            new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .withOwnerReferences(owners)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses(address)
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .endEndpoint()
                .build())
        .create();
  }

  // -- Types --------------------------------------------------------------------------------------

  @Test
  void typeChangesThereAndBackKeepTheEndpointsAndWhatAPersonSet() {
    publishDb();
    try (SliceHistory history = new SliceHistory(client, namespace, "db")) {
      Await.until("the watch shows it", () -> history.shows("10.10.0.1"));
      cluster.netService(namespace, "db", SPEC + "type: ClusterIP\n");
      awaitType("ClusterIP", "10.96.");
      client
          .resource(db.service())
          .edit(
              now ->
                  new ServiceBuilder(now)
                      .editSpec()
                      .withSessionAffinity("ClientIP")
                      .endSpec()
                      .build());

      cluster.netService(namespace, "db", SPEC + "type: LoadBalancer\n");
      awaitType("LoadBalancer", "10.96.");
      client
          .resource(db.service())
          .edit(
              now ->
                  new ServiceBuilder(now)
                      .editSpec()
                      .withExternalTrafficPolicy("Local")
                      .endSpec()
                      .build());
      int nodePort = db.service().getSpec().getPorts().get(0).getNodePort();
      cluster.netService(
          namespace, "db", SPEC.replace("web, port", "http, port") + "type: LoadBalancer\n");
      Await.equal("name", "http", () -> db.service().getSpec().getPorts().get(0).getName());
      assertEquals("ClientIP", db.service().getSpec().getSessionAffinity());
      assertEquals("Local", db.service().getSpec().getExternalTrafficPolicy());
      assertEquals(nodePort, db.service().getSpec().getPorts().get(0).getNodePort());

      cluster.netService(namespace, "db", SPEC + "type: Headless\n");
      awaitType("ClusterIP", "None");
      db.await("10.10.0.1 ready");
      assertEquals(List.of(), history.lost());
    }
  }

  private void awaitType(String type, String addressStart) {
    Await.until(
        "the Service is " + type + " with " + addressStart,
        () -> {
          Service service = db.service();
          return service != null
              && type.equals(service.getSpec().getType())
              && service.getSpec().getClusterIP().startsWith(addressStart);
        });
    db.await("10.10.0.1 ready");
    Await.equal("status", "Published 1/1", db::status);
  }
}
