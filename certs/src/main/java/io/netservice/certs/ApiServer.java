package io.netservice.certs;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The cluster behind an API server. */
final class ApiServer implements Cluster {

  private static final String MANAGER = "netservice-certs";

  private final KubernetesClient client;

  ApiServer(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return get(
        "Secret " + namespace + "/" + name,
        () -> client.secrets().inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<MutatingWebhookConfiguration> mutating(String name) {
    return get(
        "MutatingWebhookConfiguration " + name,
        () ->
            client
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name)
                .get());
  }

  @Override
  public Optional<ValidatingWebhookConfiguration> validating(String name) {
    return get(
        "ValidatingWebhookConfiguration " + name,
        () ->
            client
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name)
                .get());
  }

  /**
   * Of two creations at once the second is refused: each is a manager of its own, and the fields
   * have one already. Once it is there, the resourceVersion tells that nobody else wrote; where it
   * is given the API server compares it. So ours may take fields that others have had.
   */
  @Override
  public void apply(Secret secret) {
    boolean creates = secret.getMetadata().getResourceVersion() == null;
    PatchContext.Builder how =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(creates ? MANAGER + "-" + UUID.randomUUID() : MANAGER)
            .withForce(!creates);
    var unused =
        request(
            creates ? "create" : "apply",
            name(secret),
            () -> client.resource(secret).patch(how.build()));
  }

  @Override
  public void update(HasMetadata object) {
    String version = object.getMetadata().getResourceVersion();
    var unused =
        request(
            "update",
            name(object),
            () -> client.resource(object).lockResourceVersion(version).update());
  }

  private <T> Optional<T> get(String object, Supplier<T> request) {
    return Optional.ofNullable(request("get", object, request));
  }

  private <T> T request(String verb, String object, Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw new ClusterException(verb, object, e.getCode(), why(e), e);
    }
  }

  /** The words of the API server, which name user, verb and resource, or of the connection. */
  private String why(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    } else if (e.getCode() != 0) {
      return "HTTP status " + e.getCode();
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return "no answer from "
        + client.getMasterUrl()
        + ": "
        + root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : " " + root.getMessage());
  }

  private static String name(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    String name = object.getMetadata().getName();
    return object.getKind() + " " + (namespace == null ? name : namespace + "/" + name);
  }
}
