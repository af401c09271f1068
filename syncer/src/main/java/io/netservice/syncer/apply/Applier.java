package io.netservice.syncer.apply;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.runtime.Millis;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.protobuf.Envelope;
import io.netservice.syncer.watch.ClusterState;
import io.netservice.syncer.watch.Keys;
import io.netservice.syncer.watch.OwnedObjects;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what was planned, one object at a time. Every write but a creation carries the
 * resourceVersion it was planned on, and what the API server answers is taken as the new state at
 * once. When what was planned on is no longer so, the true state is read and {@link Outdated} tells
 * to plan anew.
 *
 * <p>Objects are created and replaced, not applied by the server: two creations at once must end in
 * a conflict, never in taking over what somebody else has made.
 *
 * <p>May be used from any thread, by one thread for one NetService.
 */
public final class Applier {

  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final byte[] NOTHING = {};

  private final ApiClient client;
  private final ClusterState state;
  private final OwnedObjects objects = new OwnedObjects();

  /**
   * Writes with {@code client}, which no watch should share.
   *
   * @param state is told what the API server answers
   */
  public Applier(ApiClient client, ClusterState state) {
    this.client = client;
    this.state = state;
  }

  /** The plan was made on a state that is no longer; the state has been read anew. */
  public static final class Outdated extends Exception {
    private static final long serialVersionUID = 1;

    Outdated(String message) {
      super(message, null, false, false);
    }
  }

  /** An object of any kind that is written here. */
  private interface Target {
    String kind();

    ObjectMeta metadata();

    /** The path of all objects of its kind in its namespace. */
    String collection();

    /** The object as it is sent, and the media type of that. */
    byte[] body();

    String mediaType();

    /** What of it is to come with the answer to a write. */
    String accepted();

    /** Takes in the answer to a write. */
    void written(byte[] answer) throws IOException;

    /** Takes in what the API server says it is, and gives its metadata. */
    ObjectMeta read(byte[] answer) throws IOException;

    void forget();

    default String key() {
      return Keys.of(metadata());
    }

    default String path() {
      return collection() + "/" + metadata().getName();
    }

    /** How much is in it, for a person to read. */
    default String content() {
      return "";
    }

    default String described() {
      return kind() + " " + metadata().getNamespace() + "/" + metadata().getName();
    }
  }

  private final class ServiceTarget implements Target {
    private final Service service;

    ServiceTarget(Service service) {
      this.service = service;
    }

    @Override
    public String kind() {
      return "Service";
    }

    @Override
    public ObjectMeta metadata() {
      return service.getMetadata();
    }

    @Override
    public String collection() {
      return "/api/v1/namespaces/" + metadata().getNamespace() + "/services";
    }

    @Override
    public byte[] body() {
      return bytes(service);
    }

    @Override
    public String mediaType() {
      return ApiClient.JSON;
    }

    @Override
    public String accepted() {
      return ApiClient.JSON; // The API server fills in addresses and node ports.
    }

    @Override
    public void written(byte[] answer) throws IOException {
      read(answer);
    }

    @Override
    public ObjectMeta read(byte[] answer) throws IOException {
      Service answered = MAPPER.readValue(answer, Service.class);
      state.observe(answered);
      return answered.getMetadata();
    }

    @Override
    public void forget() {
      state.forget(service);
    }
  }

  private final class OwnedTarget implements Target {
    private final OwnedObject object;

    OwnedTarget(OwnedObject object) {
      this.object = object;
    }

    @Override
    public String kind() {
      return object.kind();
    }

    @Override
    public ObjectMeta metadata() {
      return object.metadata();
    }

    @Override
    public String content() {
      return " (endpoints: " + object.size() + ")";
    }

    @Override
    public String collection() {
      return object instanceof SliceObject
          ? "/apis/discovery.k8s.io/v1/namespaces/" + metadata().getNamespace() + "/endpointslices"
          : "/api/v1/namespaces/" + metadata().getNamespace() + "/endpoints";
    }

    @Override
    public byte[] body() {
      return OwnedObjectWriter.protobuf(object);
    }

    @Override
    public String mediaType() {
      return Envelope.MEDIA_TYPE;
    }

    @Override
    public String accepted() {
      return ApiServer.METADATA; // The rest is what was sent: the API server adds nothing to it.
    }

    @Override
    public void written(byte[] answer) throws IOException {
      try (JsonParser json = parser(answer)) {
        state.observe(object.with(objects.metadataOf(json)));
      }
    }

    @Override
    public ObjectMeta read(byte[] answer) throws IOException {
      try (JsonParser json = parser(answer)) {
        OwnedObject answered =
            object instanceof SliceObject ? objects.slice(json) : objects.endpoints(json);
        state.observe(answered);
        return answered.metadata();
      }
    }

    private JsonParser parser(byte[] answer) throws IOException {
      JsonParser json = FACTORY.createParser(answer);
      json.nextToken();
      return json;
    }

    @Override
    public void forget() {
      state.forget(object);
    }
  }

  /** Creates {@code service} for {@code owner}; never takes over what is somebody else's. */
  public void create(NetService owner, Service service) throws Outdated {
    create(owner, new ServiceTarget(service));
  }

  /** Creates {@code object} for {@code owner}; never takes over what is somebody else's. */
  public void create(NetService owner, OwnedObject object) throws Outdated {
    create(owner, new OwnedTarget(object));
  }

  /** Replaces {@code service}, if it is still as it was planned on. */
  public void update(NetService owner, Service service) throws Outdated {
    update(owner, new ServiceTarget(service));
  }

  /** Replaces {@code object}, if it is still as it was planned on. */
  public void update(NetService owner, OwnedObject object) throws Outdated {
    update(owner, new OwnedTarget(object));
  }

  /** Deletes {@code service}, if it is still as it was planned on. */
  public void delete(NetService owner, Service service) throws Outdated {
    delete(owner, new ServiceTarget(service));
  }

  /** Deletes {@code object}, if it is still as it was planned on. */
  public void delete(NetService owner, OwnedObject object) throws Outdated {
    delete(owner, new OwnedTarget(object));
  }

  private void create(NetService owner, Target target) throws Outdated {
    long began = System.nanoTime();
    try {
      write("POST", target.collection(), target);
      done(owner, target, "create", "created", began);
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(target.kind(), "create", SyncerMetrics.result(e));
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Either a first try whose answer was lost, or somebody else's object.
      Optional<ObjectMeta> present = read(target);
      if (present.isPresent()
          && !Names.controls(owner, present.get())
          && !Names.isOfPredecessor(owner, present.get())) {
        state.obstructed(
            Keys.of(owner),
            new ClusterState.Obstruction(
                target.path(),
                target.described()
                    + " exists and was not made by this NetService: delete it or choose another"
                    + " name"));
      }
      throw new Outdated(target.described() + " exists already");
    }
  }

  private void update(NetService owner, Target target) throws Outdated {
    long began = System.nanoTime();
    try {
      write("PUT", target.path(), target);
      done(owner, target, "update", "updated", began);
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(target.kind(), "update", SyncerMetrics.result(e));
      rereadIfOutdated(target, e);
    }
  }

  private void write(String method, String path, Target target) {
    state.begin(target.kind(), target.key());
    try {
      target.written(
          client.send(method, path, target.mediaType(), target.body(), target.accepted()));
    } catch (IOException e) {
      throw unreadable(target, e);
    } finally {
      state.end(target.kind(), target.key());
    }
  }

  private void delete(NetService owner, Target target) throws Outdated {
    var preconditions =
        Map.of(
            "uid",
            target.metadata().getUid(),
            "resourceVersion",
            target.metadata().getResourceVersion());
    byte[] options =
        bytes(Map.of("apiVersion", "v1", "kind", "DeleteOptions", "preconditions", preconditions));
    long began = System.nanoTime();
    try {
      client.send("DELETE", target.path(), ApiClient.JSON, options);
      target.forget();
      done(owner, target, "delete", "deleted", began);
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(target.kind(), "delete", SyncerMetrics.result(e));
      rereadIfOutdated(target, e);
    }
  }

  /**
   * Writes the status of {@code owner}, if it is still as it was planned on.
   *
   * @return false if it is gone
   */
  public boolean status(NetService owner, NetServiceStatus status) throws Outdated {
    String path =
        "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/"
            + owner.getMetadata().getNamespace()
            + "/netservices/"
            + owner.getMetadata().getName();
    var planned =
        Map.of(
            "uid",
            owner.getMetadata().getUid(),
            "resourceVersion",
            owner.getMetadata().getResourceVersion());
    byte[] patch = bytes(Map.of("metadata", planned, "status", status));
    state.begin(NetService.KIND, Keys.of(owner));
    try {
      observe(path, client.send("PATCH", path + "/status", ApiClient.MERGE_PATCH, patch));
      SyncerMetrics.written(NetService.KIND, "status", "ok");
      return true;
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(NetService.KIND, "status", SyncerMetrics.result(e));
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false; // Deleted meanwhile: nobody is left to read it.
      } else if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        observe(path, client.send("GET", path, ApiClient.JSON, NOTHING));
        throw new Outdated(path + " changed meanwhile");
      }
      throw e;
    } finally {
      state.end(NetService.KIND, Keys.of(owner));
    }
  }

  private void observe(String path, byte[] answer) {
    try {
      state.observe(MAPPER.readValue(answer, NetService.class));
    } catch (IOException e) {
      throw new KubernetesClientException(
          path + ": the answer can't be read: " + e.getMessage(), e);
    }
  }

  private static void done(NetService owner, Target target, String verb, String done, long began) {
    SyncerMetrics.written(target.kind(), verb, "ok");
    double millis = Millis.since(began);
    log.atInfo()
        .addKeyValue("verb", verb)
        .addKeyValue("object", target.described())
        .addKeyValue("millis", millis)
        .log(
            "{}: {} {}{} in {} ms",
            Keys.of(owner),
            done,
            target.described(),
            target.content(),
            millis);
  }

  private void rereadIfOutdated(Target target, KubernetesClientException e) throws Outdated {
    if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
        && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
      throw e;
    }
    if (read(target).isEmpty()) {
      target.forget();
    }
    throw new Outdated(target.described() + " changed meanwhile");
  }

  /** Whether what was in the way of {@code owner} still is. */
  public boolean isObstructed(NetService owner, ClusterState.Obstruction obstruction) {
    try {
      byte[] answer = client.send("GET", obstruction.path(), ApiClient.JSON, NOTHING);
      return !Names.controls(owner, MAPPER.readValue(answer, Bare.class).metadata());
    } catch (IOException e) {
      throw new KubernetesClientException(obstruction.path() + ": " + e.getMessage(), e);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** An object of any kind. */
  private record Bare(ObjectMeta metadata) {}

  /**
   * Reads what is there of {@code owner} but for its content.
   *
   * @return whether there was any
   */
  public boolean readUnread(NetService owner) {
    List<OwnedObject> unread = state.unread(owner);
    for (OwnedObject object : unread) {
      Target target = new OwnedTarget(object);
      if (read(target).isEmpty()) {
        target.forget();
      }
    }
    return !unread.isEmpty();
  }

  /** The metadata of the object as it is now, empty if there is none. */
  private Optional<ObjectMeta> read(Target target) {
    state.begin(target.kind(), target.key());
    try {
      return Optional.of(target.read(client.send("GET", target.path(), ApiClient.JSON, NOTHING)));
    } catch (IOException e) {
      throw unreadable(target, e);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    } finally {
      state.end(target.kind(), target.key());
    }
  }

  private static KubernetesClientException unreadable(Target target, IOException e) {
    return new KubernetesClientException(
        target.described() + ": the answer can't be read: " + e.getMessage(), e);
  }

  private static byte[] bytes(Object object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
