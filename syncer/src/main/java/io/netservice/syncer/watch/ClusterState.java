package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.netservice.api.NetService;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.watch.CollectionWatch.Collection;
import java.io.IOException;
import java.util.ArrayList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NetServices, what is published for them, and the zones of nodes, each kept by one watch over the
 * whole cluster. May be read from any thread.
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
  private final ObjectCache<NetService> netServices = new ObjectCache<>(any -> Optional.empty());
  private final ObjectCache<Service> services = new ObjectCache<>(any -> Optional.empty());
  private final ObjectCache<Endpoints> endpoints = new ObjectCache<>(any -> Optional.empty());
  private final ObjectCache<EndpointSlice> slices = new ObjectCache<>(ClusterState::ownerKey);
  private final Map<String, String> foreign = new ConcurrentHashMap<>();
  private volatile boolean synced;

  /**
   * Nothing is watched before {@link #start}.
   *
   * @param connections carry the watches; owned by the caller
   * @param timer lets watches that end come again; owned by the caller
   * @param changed is told the key of each NetService that something happened to, from a watch
   *     thread
   * @param zoneChanged is told the name of a node whose zone is another, from a watch thread
   */
  public ClusterState(
      Connections connections,
      ScheduledExecutorService timer,
      Consumer<String> changed,
      Consumer<String> zoneChanged) {
    this.connections = connections;
    this.timer = timer;
    this.changed = changed;
    this.zones = new Zones(zoneChanged);
  }

  /** Starts the watches; when each has told all there is, every NetService is told. */
  public void start() {
    watch("/apis/netservice.cni.cncf.io/v1alpha1/netservices", "", NetService.class, netServices);
    watch("/api/v1/services", "", Service.class, services, this::concernsNetService, Keys::of);
    watch(
        "/api/v1/endpoints",
        Names.ENDPOINTS_MANAGED_BY + "=" + Names.MANAGER,
        Endpoints.class,
        endpoints);
    watch(
        "/apis/discovery.k8s.io/v1/endpointslices",
        Names.SLICE_MANAGED_BY + "=" + Names.MANAGER,
        EndpointSlice.class,
        slices,
        any -> true,
        slice -> ownerKey(slice).orElse(""));
    add(new Collection("/api/v1/nodes", "", true), zones, zones);
    incomplete.set(watches.size());
    watches.forEach(CollectionWatch::start);
  }

  private void completed() {
    if (incomplete.decrementAndGet() == 0) {
      synced = true;
      log.info("caches are in step");
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

  /** The NetService of that key, if there is one. */
  public Optional<NetService> netService(String key) {
    return netServices.get(key);
  }

  /** What exists in the name of {@code owner}. */
  public Current current(NetService owner) {
    String key = Keys.of(owner);
    return new Current(
        services.get(key),
        endpoints.get(key).filter(known -> Names.controls(owner, known)),
        slices.ownedBy(key).stream().filter(slice -> mayOwn(owner, slice)).toList(),
        Optional.ofNullable(foreign.get(key)));
  }

  /** A slice that lost its owner is still ours by its label; one of an older namesake is not. */
  private static boolean mayOwn(NetService owner, EndpointSlice slice) {
    return Names.controls(owner, slice) || Names.controller(slice).isEmpty();
  }

  /** The zone of a node, empty if it has none or is not known. */
  public String zoneOf(String node) {
    return zones.of(node);
  }

  /** Takes in what the API server answered to a write. */
  public void observe(HasMetadata written) {
    written.getMetadata().setManagedFields(List.of());
    if (written instanceof Service service) {
      services.observe(service);
    } else if (written instanceof Endpoints object) {
      endpoints.observe(object);
    } else if (written instanceof EndpointSlice slice) {
      slices.observe(slice);
    } else if (written instanceof NetService netService) {
      netServices.observe(netService);
    }
  }

  /** Takes in that an object is gone. */
  public void forget(HasMetadata deleted) {
    if (deleted instanceof Service service) {
      services.remove(service);
    } else if (deleted instanceof Endpoints object) {
      endpoints.remove(object);
    } else if (deleted instanceof EndpointSlice slice) {
      slices.remove(slice);
    }
  }

  /** Remembers that {@code what} stands in the way of a NetService, though no watch shows it. */
  public void obstructed(String key, String what) {
    foreign.put(key, what);
  }

  /** Looks anew whether something is in the way of a NetService. */
  public boolean clearObstruction(String key) {
    return foreign.remove(key) != null;
  }

  /** Of all the cluster's Services only these are kept: ours, and what is in the way of ours. */
  private boolean concernsNetService(Service service) {
    return Names.controller(service)
            .filter(owner -> NetService.KIND.equals(owner.getKind()))
            .isPresent()
        || netServices.get(Keys.of(service)).isPresent();
  }

  private <T extends HasMetadata> void watch(
      String path, String selector, Class<T> type, ObjectCache<T> cache) {
    watch(path, selector, type, cache, any -> true, Keys::of);
  }

  private <T extends HasMetadata> void watch(
      String path,
      String selector,
      Class<T> type,
      ObjectCache<T> cache,
      Predicate<T> kept,
      Function<T, String> key) {
    ObjectReader reader = MAPPER.readerFor(type);
    add(
        new Collection(path, selector),
        json -> item(json, reader),
        new CacheSink<>(cache, kept, object -> tell(key.apply(object))));
  }

  private static <T extends HasMetadata> Item<T> item(JsonParser json, ObjectReader reader)
      throws IOException {
    T object = reader.readValue(json);
    // Nobody reads them, and they are often the largest part of an object.
    object.getMetadata().setManagedFields(List.of());
    return new Item<>(Keys.of(object), object.getMetadata().getResourceVersion(), object);
  }

  private <T> void add(Collection collection, Item.Decoder<T> decoder, Item.Sink<T> sink) {
    watches.add(
        new CollectionWatch<>(
            connections, timer, collection, decoder, new FirstComplete<>(sink, this::completed)));
  }

  private void tell(String key) {
    // Before all is here nobody may plan; then every NetService is told.
    if (synced) {
      changed.accept(key);
    }
  }

  /** The NetService of a slice: its controller, or the Service named by its label. */
  private static Optional<String> ownerKey(EndpointSlice slice) {
    String namespace = slice.getMetadata().getNamespace();
    return Names.controller(slice)
        .filter(owner -> NetService.KIND.equals(owner.getKind()))
        .map(OwnerReference::getName)
        .or(
            () ->
                Optional.ofNullable(slice.getMetadata().getLabels())
                    .map(labels -> labels.get(Names.SERVICE_NAME)))
        .map(name -> Keys.of(namespace, name));
  }

  @Override
  public void close() {
    watches.forEach(CollectionWatch::close);
  }

  /** Keeps objects in a cache, and tells of what is news to it. */
  private record CacheSink<T extends HasMetadata>(
      ObjectCache<T> cache, Predicate<T> kept, Consumer<T> changed) implements Item.Sink<T> {
    @Override
    public void put(String key, T object) {
      if (kept.test(object) ? cache.observe(object) : cache.remove(object)) {
        changed.accept(object);
      }
    }

    @Override
    public void remove(String key, T object) {
      if (cache.remove(object)) {
        changed.accept(object);
      }
    }

    @Override
    public void complete(Set<String> keys, String resourceVersion) {
      cache.retain(keys, resourceVersion).forEach(changed);
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
      if (told != null) {
        told.run();
        told = null;
      }
    }
  }
}
