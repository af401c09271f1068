package io.netservice.syncer.watch;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.netservice.api.NetService;
import io.netservice.network.NetworkName;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.watch.CollectionWatch.Collection;
import io.netservice.syncer.watch.JsonFormat.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NetServices, what is published for them, and the zones of nodes, each kept by one watch over the
 * whole cluster, or over each namespace of a {@link Scope}. May be read from any thread.
 */
public final class ClusterState implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ClusterState.class);

  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Connections connections;
  private final ScheduledExecutorService timer;
  private final Consumer<String> changed;
  private final List<CollectionWatch<?>> watches = new ArrayList<>();
  private final AtomicInteger incomplete = new AtomicInteger();
  private final Zones zones;
  private final Scope scope;

  /** By the part of the scope. */
  private final Map<String, Networks> networks = new HashMap<>();

  private final ObjectCache<NetService> netServices =
      new ObjectCache<>(NetService::getMetadata, any -> Optional.empty());
  private final ObjectCache<Service> services =
      new ObjectCache<>(Service::getMetadata, any -> Optional.empty());
  private final ObjectCache<EndpointsObject> endpoints =
      new ObjectCache<>(EndpointsObject::metadata, object -> Optional.of(Keys.of(object)));
  private final ObjectCache<SliceObject> slices =
      new ObjectCache<>(SliceObject::metadata, ClusterState::ownerKey);
  private final OwnedObjects ownedObjects = new OwnedObjects();
  private final Map<String, Obstruction> obstructions = new ConcurrentHashMap<>();
  private volatile boolean synced;
  private volatile boolean othersWrite;

  /**
   * Nothing is watched before {@link #start}.
   *
   * @param scope what is watched
   * @param connections carry the watches; owned by the caller
   * @param timer lets watches that end come again; owned by the caller
   * @param changed is told the key of each NetService that something happened to, from a watch
   *     thread
   * @param zoneChanged is told the name of a Node that came, went, or has another zone, from a
   *     watch thread
   */
  public ClusterState(
      Scope scope,
      Connections connections,
      ScheduledExecutorService timer,
      Consumer<String> changed,
      Consumer<String> zoneChanged) {
    this.scope = scope;
    this.connections = connections;
    this.timer = timer;
    this.changed = changed;
    this.zones = new Zones(zoneChanged);
    scope
        .parts()
        .forEach(part -> networks.put(part, new Networks(this::networkChanged, this::tellAll)));
  }

  /** Starts the watches; when each has told all there is, every NetService is told. */
  public void start() {
    scope.parts().forEach(this::add);
    add(new Collection("/api/v1/nodes", ""), Content.METADATA, zones, zones);
    incomplete.set(watches.size());
    watches.forEach(CollectionWatch::start);
  }

  private void add(String part) {
    add(
        netServices(part),
        Content.ALL,
        decoder(NetService.class),
        new CacheSink<>(
            part,
            netServices,
            NetService::getMetadata,
            netServices::observe,
            // Also before all is here: its pods can be asked for meanwhile.
            owner -> changed.accept(Keys.of(owner))));
    add(
        Scope.collection(part, "/api/v1", "services", ""),
        Content.ALL,
        decoder(Service.class),
        new CacheSink<>(
            part,
            services,
            Service::getMetadata,
            this::observeIfOfConcern,
            service -> tell(Keys.of(service))));
    // What is in them is known from the answers to our writes; only where somebody else has written
    // it is read again. Most of what a watch would tell is our own, and long.
    add(
        Scope.collection(
            part, "/api/v1", "endpoints", Names.ENDPOINTS_MANAGED_BY + "=" + Names.MANAGER),
        Content.METADATA_OF_CHANGES,
        json -> OwnedObjects.item(ownedObjects.seenEndpoints(json)),
        CacheSink.ofSeen(part, endpoints, object -> tell(Keys.of(object))));
    add(
        Scope.collection(
            part,
            "/apis/discovery.k8s.io/v1",
            "endpointslices",
            Names.SLICE_MANAGED_BY + "=" + Names.MANAGER),
        Content.METADATA_OF_CHANGES,
        json -> OwnedObjects.item(ownedObjects.seenSlice(json)),
        CacheSink.ofSeen(part, slices, object -> ownerKey(object).ifPresent(this::tell)));
    Networks told = networks.get(part);
    add(Networks.collection(part), Content.METADATA, told, told);
  }

  private void completed() {
    if (incomplete.decrementAndGet() == 0) {
      synced = true;
      log.info("caches are in step");
      tellAll();
    }
  }

  /**
   * Whether somebody else writes what is published: then the watches tell all of it, so that it
   * need not be read when that changes.
   */
  public void othersWrite(boolean others) {
    othersWrite = others;
    watches.forEach(CollectionWatch::askAnew);
  }

  /** Tells the key of every NetService as if something had happened to it. */
  public void tellAll() {
    if (synced) {
      netServices.keys().forEach(changed);
    }
  }

  /** Whether every watch has told all there was when it began. */
  public boolean isSynced() {
    return synced;
  }

  /** Whether every watch has told all there was and goes on telling. */
  public boolean inStep() {
    return synced && watches.stream().allMatch(CollectionWatch::inStep);
  }

  /** Whether every watch has told all there was and goes on telling at this moment. */
  public boolean isConnected() {
    return synced && watches.stream().allMatch(CollectionWatch::isConnected);
  }

  /** How many objects are kept, by resource. */
  public Map<String, Integer> sizes() {
    return Map.of(
        "netservices",
        netServices.size(),
        "services",
        services.size(),
        "endpoints",
        endpoints.size(),
        "endpointslices",
        slices.size(),
        "nodes",
        zones.size(),
        "network-attachment-definitions",
        networks.values().stream().mapToInt(Networks::size).sum());
  }

  /** The NetService of that key, if there is one. */
  public Optional<NetService> netService(String key) {
    return netServices.get(key);
  }

  /** Whether there is a Service of the NetService's name. */
  public boolean hasService(String key) {
    return services.get(key).isPresent();
  }

  /** What exists in the name of {@code owner}. */
  public Current current(NetService owner) {
    String key = Keys.of(owner);
    return new Current(
            services.get(key),
            endpoints.get(key).filter(known -> Names.has(owner, known.metadata())),
            slices.ownedBy(key).stream()
                .filter(slice -> Names.has(owner, slice.metadata()))
                .toList(),
            obstruction(key).map(Obstruction::what))
        .networkMissing(isMissing(networkOf(owner)));
  }

  private boolean isMissing(NetworkName network) {
    Networks told = networks.get(scope.part(network.namespace()));
    return told != null && told.isMissing(network);
  }

  private static NetworkName networkOf(NetService owner) {
    return NetworkName.parse(owner.getSpec().netAttachDef(), owner.getMetadata().getNamespace());
  }

  private void networkChanged(NetworkName network) {
    for (String key : netServices.keys()) {
      netService(key)
          .filter(owner -> owner.getSpec() != null && network.equals(networkOf(owner)))
          .ifPresent(owner -> tell(key));
    }
  }

  /** What is watched of NetServices. */
  Stream<Collection> netServiceCollections() {
    return scope.parts().map(ClusterState::netServices);
  }

  private static Collection netServices(String part) {
    return Scope.collection(part, "/apis/netservice.cni.cncf.io/v1alpha1", "netservices", "");
  }

  /** The versions of all NetServices, by key. */
  Map<String, Known> netServices() {
    Map<String, Known> all = new HashMap<>();
    netServices.forEach((key, meta, any) -> all.put(key, Audit.version(meta, null)));
    return all;
  }

  /** What is known of all that {@code owner} has, by kind and name. */
  Map<String, Known> known(NetService owner) {
    String key = Keys.of(owner);
    Map<String, Known> all = new HashMap<>();
    services
        .get(key)
        .map(Service::getMetadata)
        .filter(meta -> Names.controls(owner, meta))
        .ifPresent(meta -> all.put("Service", Audit.version(meta, null)));
    endpoints.get(key).ifPresent(each -> all.put(Audit.name(each), Audit.known(each)));
    endpoints
        .unread(key)
        .forEach(
            meta ->
                all.put(
                    Audit.name(new EndpointsObject(meta, List.of())), Audit.version(meta, null)));
    slices.ownedBy(key).forEach(each -> all.put(Audit.name(each), Audit.known(each)));
    slices
        .unread(key)
        .forEach(
            meta ->
                all.put(
                    Audit.name(new SliceObject(meta, "", List.of(), List.of())),
                    Audit.version(meta, null)));
    return all;
  }

  /**
   * Forgets what is there of the NetService {@code key}, {@code ""} for none, and has every watch
   * begin anew.
   */
  void readAgain(String key) {
    services.discard(key);
    endpoints.discard(key);
    slices.ownedBy(key).forEach(each -> slices.discard(Keys.of(each.metadata())));
    watches.forEach(CollectionWatch::restart);
  }

  /** The zone of a Node, {@code ""} if it has none; empty if there is no such Node. */
  public Optional<String> zoneOf(String node) {
    return zones.of(node);
  }

  /**
   * What there is of {@code owner} but for its content: somebody else has written it. To be read
   * and {@link #observe observed} before anything is planned.
   */
  public List<OwnedObject> unread(NetService owner) {
    String key = Keys.of(owner);
    List<OwnedObject> unread = new ArrayList<>();
    endpoints.unread(key).forEach(metadata -> unread.add(new EndpointsObject(metadata, List.of())));
    slices
        .unread(key)
        .forEach(metadata -> unread.add(new SliceObject(metadata, "", List.of(), List.of())));
    return unread;
  }

  /**
   * A request is under way for an object of a NetService, or for itself: see {@link
   * ObjectCache#begin}. Its answer is to be observed before {@link #end}.
   *
   * @param kind as in the object
   * @param key {@code namespace/name}
   */
  public void begin(String kind, String key) {
    cacheOf(kind).begin(key);
  }

  /** The request is over. */
  public void end(String kind, String key) {
    cacheOf(kind).end(key);
  }

  private ObjectCache<?> cacheOf(String kind) {
    return switch (kind) {
      case SliceObject.KIND -> slices;
      case EndpointsObject.KIND -> endpoints;
      case NetService.KIND -> netServices;
      default -> services;
    };
  }

  /** Takes in what an object is like, from an answer of the API server. */
  public void observe(OwnedObject answered) {
    if (answered instanceof SliceObject slice) {
      slices.observe(slice);
    } else if (answered instanceof EndpointsObject object) {
      endpoints.observe(object);
    }
  }

  /** Takes in what the API server answered to a write. */
  public void observe(Service written) {
    services.observe(withoutManagedFields(written));
  }

  /** Takes in what the API server answered to a write. */
  public void observe(NetService written) {
    netServices.observe(withoutManagedFields(written));
  }

  /** Takes in that an object is gone. */
  public void forget(OwnedObject deleted) {
    cacheOf(deleted.kind()).remove(deleted.metadata());
  }

  /** Takes in that a Service is gone. */
  public void forget(Service deleted) {
    services.remove(deleted.getMetadata());
  }

  /**
   * Something of somebody else in the way of a NetService, which no watch shows.
   *
   * @param path where it is
   * @param what it is, for a person to read
   */
  public record Obstruction(String path, String what) {}

  /** Remembers that something is in the way of the NetService {@code key}. */
  public void obstructed(String key, Obstruction obstruction) {
    obstructions.put(key, obstruction);
  }

  /** What is in the way of the NetService {@code key}. */
  public Optional<Obstruction> obstruction(String key) {
    return Optional.ofNullable(obstructions.get(key));
  }

  /** Forgets what was in the way of the NetService {@code key}. */
  public void clearObstruction(String key) {
    obstructions.remove(key);
  }

  private boolean observeIfOfConcern(Service service) {
    return concernsNetService(service)
        ? services.observe(service)
        : services.remove(service.getMetadata());
  }

  /** Of all the cluster's Services only these are kept: ours, and what is in the way of ours. */
  private boolean concernsNetService(Service service) {
    return Names.controller(service.getMetadata())
            .filter(owner -> NetService.KIND.equals(owner.getKind()))
            .isPresent()
        || netServices.get(Keys.of(service)).isPresent();
  }

  private static <T extends HasMetadata> Item.Decoder<T> decoder(Class<T> type) {
    ObjectReader reader = MAPPER.readerFor(type);
    return json -> {
      T object = withoutManagedFields(reader.<T>readValue(json));
      return new Item<>(Keys.of(object), object.getMetadata().getResourceVersion(), object);
    };
  }

  /** Nobody reads them, and they are often the largest part of an object. */
  private static <T extends HasMetadata> T withoutManagedFields(T object) {
    object.getMetadata().setManagedFields(List.of());
    return object;
  }

  private <T> void add(
      Collection collection, Content content, Item.Decoder<T> decoder, Item.Sink<T> sink) {
    watches.add(
        new CollectionWatch<>(
            connections,
            timer,
            collection,
            new JsonFormat<>(decoder, content, () -> othersWrite),
            new FirstComplete<>(sink, this::completed)));
  }

  private void tell(String key) {
    // Before all is here nobody may plan; then every NetService is told.
    if (synced) {
      changed.accept(key);
    }
  }

  /** The NetService of a slice: its controller, or the Service named by its label. */
  private static Optional<String> ownerKey(ObjectMeta slice) {
    return Names.controller(slice)
        .filter(owner -> NetService.KIND.equals(owner.getKind()))
        .map(OwnerReference::getName)
        .or(
            () ->
                Optional.ofNullable(slice.getLabels())
                    .map(labels -> labels.get(Names.SERVICE_NAME)))
        .map(name -> Keys.of(slice.getNamespace(), name));
  }

  @Override
  public void close() {
    watches.forEach(CollectionWatch::close);
  }

  /**
   * Keeps objects in a cache, and tells of what is news to it.
   *
   * @param part of the scope that the watch is over
   * @param observe takes in an object as it was told, and gives whether that was news
   */
  private record CacheSink<T>(
      String part,
      ObjectCache<?> cache,
      Function<T, ObjectMeta> metadata,
      Predicate<T> observe,
      Consumer<ObjectMeta> changed)
      implements Item.Sink<T> {

    /** For objects of which a watch may tell metadata alone. */
    static <T> CacheSink<Seen<T>> ofSeen(
        String part, ObjectCache<T> cache, Consumer<ObjectMeta> changed) {
      return new CacheSink<>(
          part,
          cache,
          Seen::metadata,
          seen ->
              seen.object()
                  .map(cache::observe)
                  .orElseGet(() -> cache.observeMetadata(seen.metadata())),
          changed);
    }

    @Override
    public void put(String key, T object) {
      if (observe.test(object)) {
        changed.accept(metadata.apply(object));
      }
    }

    @Override
    public void remove(String key, T object) {
      ObjectMeta gone = metadata.apply(object);
      if (cache.remove(gone)) {
        changed.accept(gone);
      }
    }

    @Override
    public void complete(Set<String> keys, String resourceVersion) {
      cache.retain(keys, resourceVersion, key -> Scope.isOf(part, key)).forEach(changed);
    }
  }

  /** Tells when all there was has been told for the first time. */
  private static final class FirstComplete<T> implements Item.Sink<T> {
    private final Item.Sink<T> sink;
    private Runnable told;

    FirstComplete(Item.Sink<T> sink, Runnable told) {
      this.sink = sink;
      this.told = told;
    }

    @Override
    public void put(String key, T object) {
      sink.put(key, object);
    }

    @Override
    public void remove(String key, T object) {
      sink.remove(key, object);
    }

    @Override
    public void complete(Set<String> keys, String resourceVersion) {
      sink.complete(keys, resourceVersion);
      tell();
    }

    @Override
    public boolean unavailable(int code) {
      boolean mayBe = sink.unavailable(code);
      if (mayBe) {
        tell();
      }
      return mayBe;
    }

    private void tell() {
      if (told != null) {
        told.run();
        told = null;
      }
    }
  }
}
