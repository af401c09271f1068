package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.NetService;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.watch.CollectionWatch.Collection;
import io.netservice.syncer.watch.JsonFormat.Content;
import io.netservice.syncer.watch.PodDecoder.WatchedPod;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what the API server really has, past all caches (its own, too), beside what the caches
 * hold. Whoever compares the two has to bear in mind that they are not read at the same moment.
 *
 * <p>For one thread. What is read is held a page at a time.
 */
public final class Audit {

  /** Pods may have 20 KB each and more, and a page is held as text. */
  private static final int PAGE = 100;

  private static final byte[] NOTHING = {};

  private final ApiClient client;
  private final ClusterState state;
  private final PodWatches pods;
  private final OwnedObjects objects = new OwnedObjects();
  private final WireFormat<WatchedPod> podFormat =
      new ProtobufFormat<>(new PodDecoder(false, new SharedStrings()));

  /**
   * Asks nothing yet.
   *
   * @param client one that nobody else waits for
   */
  public Audit(ApiClient client, ClusterState state, PodWatches pods) {
    this.client = client;
    this.state = state;
    this.pods = pods;
  }

  /** What the API server has and what the caches hold, by kind and name. */
  public record Views(Map<String, Known> truth, Map<String, Known> cached) {}

  /** The keys of all NetServices that the caches know. */
  public List<String> keys() {
    return List.copyOf(state.netServices().keySet());
  }

  /** Whether there is anything to compare with: no watch is known to be behind. */
  public boolean isInStep() {
    return state.inStep() && pods.inStep();
  }

  /**
   * All NetServices, by version.
   *
   * @throws KubernetesClientException if the API server can't be asked
   */
  public Views netServices() {
    Map<String, Known> truth = new HashMap<>();
    state
        .netServiceCollections()
        .forEach(
            collection ->
                list(
                    collection,
                    new JsonFormat<>(
                        json ->
                            OwnedObjects.item(
                                new Seen<>(objects.metadataOf(json), Optional.empty())),
                        Content.METADATA),
                    seen -> truth.put(Keys.of(seen.metadata()), version(seen.metadata(), null))));
    return new Views(truth, state.netServices());
  }

  /**
   * What concerns the NetService {@code key}: its pods, and what is published for it. Nothing if it
   * is not known.
   *
   * @throws KubernetesClientException if the API server can't be asked
   */
  public Views of(String key) {
    Optional<NetService> owner = state.netService(key).filter(found -> found.getSpec() != null);
    if (owner.isEmpty()) {
      return new Views(Map.of(), Map.of());
    }
    Map<String, Known> truth = new HashMap<>();
    String namespace = "/namespaces/" + Keys.namespace(key);
    list(
        new Collection(
            "/apis/discovery.k8s.io/v1" + namespace + "/endpointslices",
            Names.selector(
                Map.of(Names.SLICE_MANAGED_BY, Names.MANAGER, Names.SERVICE_NAME, Keys.name(key)))),
        new JsonFormat<>(json -> OwnedObjects.item(objects.seenSlice(json)), Content.ALL),
        seen -> seen.object().ifPresent(slice -> truth.put(name(slice), known(slice))));
    list(
        new Collection(
            "/api/v1" + namespace + "/endpoints",
            Names.selector(Map.of(Names.ENDPOINTS_MANAGED_BY, Names.MANAGER)),
            Keys.name(key)),
        new JsonFormat<>(json -> OwnedObjects.item(objects.seenEndpoints(json)), Content.ALL),
        seen -> seen.object().ifPresent(each -> truth.put(name(each), known(each))));
    service(key)
        .filter(service -> Names.controls(owner.get(), service))
        .ifPresent(service -> truth.put("Service", version(service, null)));
    list(
        new Collection(
            "/api/v1" + namespace + "/pods", Names.selector(owner.get().getSpec().selector())),
        podFormat,
        pod -> truth.put("Pod " + pod.view().name(), new Known("", pod.view())));

    Map<String, Known> cached = new HashMap<>(state.known(owner.get()));
    pods.known(key).forEach(pod -> cached.put("Pod " + pod.name(), new Known("", pod)));
    return new Views(truth, cached);
  }

  /** Has all read again that the caches hold of the NetService {@code key}, {@code ""} for all. */
  public void repair(String key) {
    state.readAgain(key);
    pods.readAgain(key);
  }

  static String name(SliceObject slice) {
    return "EndpointSlice " + slice.metadata().getName();
  }

  static String name(EndpointsObject endpoints) {
    return "Endpoints " + endpoints.metadata().getName();
  }

  static Known known(SliceObject slice) {
    return version(
        slice.metadata(), List.of(slice.addressType(), slice.ports(), slice.endpoints()));
  }

  static Known known(EndpointsObject endpoints) {
    return version(endpoints.metadata(), endpoints.subsets());
  }

  static Known version(ObjectMeta metadata, Object content) {
    return new Known(metadata.getResourceVersion(), content);
  }

  private Optional<ObjectMeta> service(String key) {
    String path = "/api/v1/namespaces/" + Keys.namespace(key) + "/services/" + Keys.name(key);
    try (JsonParser json =
        JsonEvents.JSON.createParser(
            client.send("GET", path, ApiClient.JSON, NOTHING, ApiServer.METADATA))) {
      Json.open(json);
      return Optional.of(objects.metadataOf(json));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Reads a collection as etcd has it now: no resourceVersion is given. */
  private <T> void list(Collection collection, WireFormat<T> format, Consumer<T> each) {
    String next = "";
    do {
      byte[] answer =
          client.send(
              "GET", collection.page(PAGE, next), ApiClient.JSON, NOTHING, format.listType());
      try {
        WireFormat.ListReader reader = format.list(item -> each.accept(item.object()));
        reader.feed(ByteBuffer.wrap(answer));
        next = reader.end().next();
      } catch (IOException e) {
        throw unreadable(collection.toString(), e);
      }
    } while (!next.isEmpty());
  }

  private static KubernetesClientException unreadable(String path, IOException e) {
    return new KubernetesClientException(path + ": the answer can't be read: " + e.getMessage(), e);
  }
}
