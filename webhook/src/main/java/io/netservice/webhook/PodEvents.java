package io.netservice.webhook;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;

/** Warning Events on the pod that this runs in. */
final class PodEvents {

  static final String REASON = "CertificateRenewalOverdue";

  private final KubernetesClient client;
  private final String namespace;
  private final String pod;

  PodEvents(KubernetesClient client, String namespace, String pod) {
    this.client = client;
    this.namespace = namespace;
    this.pod = pod;
  }

  /** Writes an Event that says {@code message}; a client exception tells why it can't. */
  void warn(String message) {
    String now = Instant.now().toString();
    var unused =
        client
            .v1()
            .events()
            .inNamespace(namespace)
            .resource(
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
                    .build())
            .create();
  }
}
