package io.netservice.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.netservice.http.ApiClient;
import java.time.Instant;

/** Warning Events on the pod that this runs in. */
final class PodEvents {

  static final String REASON = "CertificateRenewalOverdue";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ApiClient client;
  private final String namespace;
  private final String pod;

  PodEvents(ApiClient client, String namespace, String pod) {
    this.client = client;
    this.namespace = namespace;
    this.pod = pod;
  }

  /** Writes an Event that says {@code message}; a client exception tells why it can't. */
  void warn(String message) {
    String now = Instant.now().toString();
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withGenerateName(pod + ".")
            .endMetadata()
            .withType("Warning")
            .withReason(REASON)
            .withMessage(message)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent("netservice-webhook")
            .endSource()
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNamespace(namespace)
            .withName(pod)
            .endInvolvedObject()
            .build();
    try {
      client.send(
          "POST",
          "/api/v1/namespaces/" + namespace + "/events",
          ApiClient.JSON,
          MAPPER.writeValueAsBytes(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an Event can't be written as JSON", e);
    }
  }
}
