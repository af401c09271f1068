package io.netservice.syncer.apply;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.syncer.plan.Names;
import io.netservice.syncer.watch.ClusterState;
import io.netservice.syncer.watch.Keys;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes objects of one NetService at a time. Every write but a creation carries the
 * resourceVersion it was planned on, and what the API server answers is taken as the new state at
 * once. When what was planned on is no longer so, the true state is read and {@link Outdated} tells
 * to plan anew.
 *
 * <p>May be used from any thread, by one thread for one NetService.
 */
public final class Applier {

  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  private final KubernetesClient client;
  private final ClusterState state;

  /**
   * Writes with {@code client}, which no watch should share.
   *
   * @param state is told what the API server answers
   */
  public Applier(KubernetesClient client, ClusterState state) {
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

  /** Creates {@code object} for {@code owner}; never takes over what is somebody else's. */
  public void create(NetService owner, HasMetadata object) throws Outdated {
    try {
      state.observe(client.resource(object).create());
      SyncerMetrics.written(object, "create", "ok");
      log.info("{}: created {}", Keys.of(owner), described(object));
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(object, "create", SyncerMetrics.result(e));
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Either a first try whose answer was lost, or somebody else's object.
      Optional<HasMetadata> present = read(object);
      if (present.isPresent() && !Names.controls(owner, present.get())) {
        state.obstructed(
            Keys.of(owner),
            described(object)
                + " exists and was not made by this NetService: delete it or choose another name");
      }
      throw new Outdated(described(object) + " exists already");
    }
  }

  /** Replaces {@code object}, if it is still as it was planned on. */
  public void update(NetService owner, HasMetadata object) throws Outdated {
    try {
      state.observe(
          client
              .resource(object)
              .lockResourceVersion(object.getMetadata().getResourceVersion())
              .update());
      SyncerMetrics.written(object, "update", "ok");
      log.info("{}: updated {}", Keys.of(owner), described(object));
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(object, "update", SyncerMetrics.result(e));
      rereadIfOutdated(object, e);
    }
  }

  /** Deletes {@code object}, if it is still as it was planned on. */
  public void delete(NetService owner, HasMetadata object) throws Outdated {
    try {
      client
          .resource(object)
          .lockResourceVersion(object.getMetadata().getResourceVersion())
          .delete();
      state.forget(object);
      SyncerMetrics.written(object, "delete", "ok");
      log.info("{}: deleted {}", Keys.of(owner), described(object));
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(object, "delete", SyncerMetrics.result(e));
      rereadIfOutdated(object, e);
    }
  }

  /** Writes the status of {@code owner}; tells a conflict that is new as an Event, too. */
  public void status(NetService owner, NetServiceStatus status) {
    String patch = client.getKubernetesSerialization().asJson(Map.of("status", status));
    try {
      state.observe(
          client
              .resources(NetService.class)
              .inNamespace(owner.getMetadata().getNamespace())
              .withName(owner.getMetadata().getName())
              .subresource("status")
              .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
      SyncerMetrics.written(owner, "status", "ok");
    } catch (KubernetesClientException e) {
      SyncerMetrics.written(owner, "status", SyncerMetrics.result(e));
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return; // Deleted meanwhile: nobody is left to read it.
      }
      throw e;
    }
    Condition ready = status.conditions().get(0);
    log.info("{}: {} {}: {}", Keys.of(owner), ready.type(), ready.reason(), ready.message());
    boolean isNew =
        owner.getStatus() == null
            || owner.getStatus().conditions().stream()
                .noneMatch(c -> c.reason().equals(ready.reason()));
    if (ready.reason().equals("ServiceConflict") && isNew) {
      warn(owner, ready);
    }
  }

  private void warn(NetService owner, Condition condition) {
    String now = Instant.now().toString();
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withNamespace(owner.getMetadata().getNamespace())
                .withGenerateName(owner.getMetadata().getName() + ".")
                .endMetadata()
                .withType("Warning")
                .withReason(condition.reason())
                .withMessage(condition.message())
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(Names.FIELD_MANAGER)
                .endSource()
                .withNewInvolvedObject()
                .withApiVersion(NetService.API_VERSION)
                .withKind(NetService.KIND)
                .withNamespace(owner.getMetadata().getNamespace())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .endInvolvedObject()
                .build())
        .create();
  }

  private void rereadIfOutdated(HasMetadata object, KubernetesClientException e) throws Outdated {
    if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
        && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
      throw e;
    }
    if (read(object).isEmpty()) {
      state.forget(object);
    }
    throw new Outdated(described(object) + " changed meanwhile");
  }

  private Optional<HasMetadata> read(HasMetadata object) {
    HasMetadata present = client.resource(object).get();
    if (present != null) {
      state.observe(present);
    }
    return Optional.ofNullable(present);
  }

  private static String described(HasMetadata object) {
    return object.getKind()
        + " "
        + object.getMetadata().getNamespace()
        + "/"
        + object.getMetadata().getName();
  }
}
