package io.netservice.syncer.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Reason;
import io.netservice.http.ApiClient;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.plan.Names;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells as Events what needs a person's hand, and that it is over. The status is the memory of what
 * has been told: an Event is made when a condition gets another reason, and never for the same one
 * twice, also by another syncer. A reason that comes back raises the count of the Event that told
 * it before.
 *
 * <p>May be used from any thread, for one NetService by one thread at a time.
 */
public final class EventRecorder implements StatusWriter.Listener {

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How many Events are remembered; of those before them a new one is made. */
  private static final int REMEMBERED = 4096;

  private final ApiClient client;
  private final Map<String, Told> told =
      new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** An Event that is there, and how often it was told. */
  private record Told(String path, int count) {}

  /** Sends Events with {@code client}. */
  public EventRecorder(ApiClient client) {
    this.client = client;
  }

  @Override
  public void written(NetService owner, NetServiceStatus status) {
    for (Condition condition : status.conditions()) {
      Optional<Condition> before = before(owner, condition.type());
      boolean isNew = before.filter(old -> old.reason().equals(condition.reason())).isEmpty();
      if (isNew && (isWarning(condition) || before.filter(EventRecorder::isWarning).isPresent())) {
        record(owner, condition);
      }
    }
  }

  private static Optional<Condition> before(NetService owner, String type) {
    return Optional.ofNullable(owner.getStatus()).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(condition -> condition.type().equals(type))
        .findFirst();
  }

  private static boolean isWarning(Condition condition) {
    return Reason.of(condition.reason()).filter(Reason::isWarning).isPresent();
  }

  /** An Event that can't be made is no reason to do anything else later. */
  private void record(NetService owner, Condition condition) {
    String key = owner.getMetadata().getUid() + "/" + condition.reason();
    try {
      if (!repeated(key, condition)) {
        String path = create(owner, condition);
        synchronized (told) {
          told.put(key, new Told(path, 1));
        }
      }
      SyncerMetrics.written("Event", "event", "ok");
    } catch (KubernetesClientException e) {
      SyncerMetrics.written("Event", "event", SyncerMetrics.result(e));
      log.debug("{}: no Event: {}", owner.getMetadata().getName(), e.getMessage());
    }
  }

  /** Raises the count of the Event that told the same; false if there is none. */
  private boolean repeated(String key, Condition condition) {
    Told last;
    synchronized (told) {
      last = told.get(key);
    }
    if (last == null) {
      return false;
    }
    try {
      client.send(
          "PATCH",
          last.path,
          ApiClient.MERGE_PATCH,
          bytes(
              Map.of(
                  "count",
                  last.count + 1,
                  "lastTimestamp",
                  Instant.now().toString(),
                  "message",
                  condition.message())));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false; // Events go after an hour.
      }
      throw e;
    }
    synchronized (told) {
      told.put(key, new Told(last.path, last.count + 1));
    }
    return true;
  }

  private String create(NetService owner, Condition condition) {
    Instant now = Instant.now();
    String namespace = owner.getMetadata().getNamespace();
    String events = "/api/v1/namespaces/" + namespace + "/events";
    long unique = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    String name = owner.getMetadata().getName() + "." + Long.toHexString(unique);
    client.send(
        "POST",
        events,
        ApiClient.JSON,
        bytes(
            new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withType(isWarning(condition) ? "Warning" : "Normal")
                .withReason(condition.reason())
                .withMessage(condition.message())
                .withFirstTimestamp(now.toString())
                .withLastTimestamp(now.toString())
                .withCount(1)
                .withNewSource()
                .withComponent(Names.FIELD_MANAGER)
                .endSource()
                .withNewInvolvedObject()
                .withApiVersion(NetService.API_VERSION)
                .withKind(NetService.KIND)
                .withNamespace(namespace)
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .endInvolvedObject()
                .build()));
    return events + "/" + name;
  }

  private static byte[] bytes(Object object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
