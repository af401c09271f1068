package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.netservice.api.NetService;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * NetServices, what is published for them, and the zones of nodes, each kept by one watch over the
 * whole cluster. May be read from any thread.
 */
public final class ClusterState implements AutoCloseable {

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final KubernetesClient client;
  private final Consumer<String> changed;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final List<Runnable> fills = new ArrayList<>();
  private final Map<String, String> zones = new ConcurrentHashMap<>();
  private final ObjectCache<NetService> netServices = new ObjectCache<>(any -> Optional.empty());
  private final ObjectCache<Service> services = new ObjectCache<>(any -> Optional.empty());
  private final ObjectCache<Endpoints> endpoints = new ObjectCache<>(any -> Optional.empty());
  private final ObjectCache<EndpointSlice> slices = new ObjectCache<>(ClusterState::ownerKey);
  private final Map<String, String> foreign = new ConcurrentHashMap<>();
  private volatile boolean synced;

  /**
   * Nothing is watched before {@link #start}.
   *
   * @param client for watches only; owned by the caller
   * @param changed is told the key of each NetService that something happened to, from a watch
   *     thread
   */
  public ClusterState(KubernetesClient client, Consumer<String> changed) {
    this.client = client;
    this.changed = changed;
  }

  /** Starts the watches; complete when each has told all there is. */
  public CompletionStage<Void> start() {
    watch(
        client.resources(NetService.class).inAnyNamespace().runnableInformer(0),
        netServices,
        Keys::of);
    watch(client.services().inAnyNamespace().runnableInformer(0), services, Keys::of);
    watch(
        client
            .endpoints()
            .inAnyNamespace()
            .withLabel(Names.ENDPOINTS_MANAGED_BY, Names.MANAGER)
            .runnableInformer(0),
        endpoints,
        Keys::of);
    watch(
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inAnyNamespace()
            .withLabel(Names.SLICE_MANAGED_BY, Names.MANAGER)
            .runnableInformer(0),
        slices,
        slice -> ownerKey(slice).orElse(""));
    watchZones();
    CompletableFuture<?>[] starting =
        informers.stream()
            .map(informer -> informer.start().toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    // Handlers are told later, by another thread: what the lists held must be here before.
    return CompletableFuture.allOf(starting)
        .thenRun(
            () -> {
              fills.forEach(Runnable::run);
              synced = true;
            });
  }

  /** Whether every watch has told all there was when it began. */
  public boolean isSynced() {
    return synced;
  }

  /** The keys of all NetServices. */
  public List<String> netServiceKeys() {
    return netServices.keys();
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
    return zones.getOrDefault(node, "");
  }

  /** Takes in what the API server answered to a write. */
  public void observe(HasMetadata written) {
    if (written instanceof Service service) {
      services.observe(service);
    } else if (written instanceof Endpoints object) {
      endpoints.observe(object);
    } else if (written instanceof EndpointSlice slice) {
      slices.observe(slice);
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

  private <T extends HasMetadata> void watch(
      SharedIndexInformer<T> informer,
      ObjectCache<T> cache,
      java.util.function.Function<T, String> key) {
    handle(
        informer,
        (object, gone) -> {
          if (gone) {
            cache.remove(object);
          } else {
            cache.observe(object);
          }
          changed.accept(key.apply(object));
        });
  }

  private void watchZones() {
    SharedIndexInformer<Node> informer = client.nodes().runnableInformer(0);
    handle(
        informer,
        (node, gone) -> {
          String name = node.getMetadata().getName();
          Map<String, String> labels = node.getMetadata().getLabels();
          String zone = gone || labels == null ? null : labels.get(ZONE);
          if (zone == null) {
            zones.remove(name);
          } else {
            zones.put(name, zone);
          }
        });
  }

  private <T extends HasMetadata> void handle(
      SharedIndexInformer<T> informer, BiConsumer<T, Boolean> handler) {
    informer.exceptionHandler((started, failure) -> true);
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            handler.accept(object, false);
          }

          @Override
          public void onUpdate(T old, T object) {
            handler.accept(object, false);
          }

          @Override
          public void onDelete(T object, boolean finalStateUnknown) {
            handler.accept(object, true);
          }
        });
    informers.add(informer);
    fills.add(() -> informer.getStore().list().forEach(object -> handler.accept(object, false)));
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
    informers.forEach(SharedIndexInformer::stop);
  }
}
