package io.netservice.certs;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects in memory, with resource versions and optimistic locking as the API server has them. */
final class FakeCluster implements Cluster {

  /** What was written, as {@code create Secret system/tls}. */
  final List<String> writes = new ArrayList<>();

  private final KubernetesSerialization copies = new KubernetesSerialization();
  private final Map<String, HasMetadata> objects = new HashMap<>();
  private int version;
  private String refused = "";
  private Runnable beforeWrite = () -> {};
  private String awaited = "";
  private Runnable afterWrite = () -> {};

  /** A cluster in which both webhook configurations are installed as {@code name}. */
  static FakeCluster with(String name) {
    FakeCluster cluster = new FakeCluster();
    cluster.put(
        new MutatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .addNewWebhook()
            .withNewClientConfig()
            .endClientConfig()
            .endWebhook()
            .build());
    cluster.put(
        new ValidatingWebhookConfigurationBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .addNewWebhook()
            .withNewClientConfig()
            .endClientConfig()
            .endWebhook()
            .addNewWebhook()
            .withNewClientConfig()
            .endClientConfig()
            .endWebhook()
            .build());
    return cluster;
  }

  /** Writes {@code object} as somebody else. */
  void put(HasMetadata object) {
    HasMetadata stored = copies.clone(object);
    stored.getMetadata().setResourceVersion(Integer.toString(++version));
    objects.put(key(stored), stored);
  }

  /** Deletes {@code object} as somebody else. */
  void delete(String object) {
    objects.remove(object);
  }

  /** Refuses the request, as {@code get Secret system/tls}, for want of permission. */
  void refuse(String request) {
    refused = request;
  }

  /** Refuses the request from the moment that a next CA is in the Secret. */
  void refuseOnceNextIsStored(String request) {
    afterWrite("apply Secret system/tls", () -> refuse(request));
  }

  /** Does {@code what} once, between the read and the next write. */
  void beforeWrite(Runnable what) {
    beforeWrite = what;
  }

  /** Does {@code what} once, before the write of that number, from 1. */
  void beforeWrite(int number, Runnable what) {
    beforeWrite = number == 1 ? what : () -> beforeWrite(number - 1, what);
  }

  /** Does {@code what} once, after the next write that is this one. */
  void afterWrite(String write, Runnable what) {
    awaited = write;
    afterWrite = what;
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return get(Secret.class, "Secret " + namespace + "/" + name);
  }

  @Override
  public Optional<MutatingWebhookConfiguration> mutating(String name) {
    return get(MutatingWebhookConfiguration.class, "MutatingWebhookConfiguration " + name);
  }

  @Override
  public Optional<ValidatingWebhookConfiguration> validating(String name) {
    return get(ValidatingWebhookConfiguration.class, "ValidatingWebhookConfiguration " + name);
  }

  /** Keys of others stay; ours are those of {@code secret} afterwards. */
  @Override
  public void apply(Secret secret) {
    boolean creates = version(secret) == null;
    write(creates ? "create" : "apply", secret);
    Secret applied = copies.clone(secret);
    if (objects.get(key(secret)) instanceof Secret stored) {
      if (creates || !version(stored).equals(version(secret))) {
        throw new ClusterException("apply", key(secret), 409, "it has been modified", null);
      }
      Map<String, String> data = new HashMap<>(stored.getData());
      data.keySet().removeAll(Renewal.KEYS);
      data.putAll(secret.getData());
      applied = copies.clone(stored);
      applied.setData(data);
    }
    store(creates ? "create" : "apply", applied);
  }

  @Override
  public void update(HasMetadata object) {
    write("update", object);
    HasMetadata stored = objects.get(key(object));
    if (stored == null) {
      throw new ClusterException("update", key(object), 404, "it is not found", null);
    } else if (!version(stored).equals(version(object))) {
      throw new ClusterException("update", key(object), 409, "it has been modified", null);
    }
    store("update", object);
  }

  private void write(String verb, HasMetadata object) {
    allow(verb, key(object));
    Runnable once = beforeWrite;
    beforeWrite = () -> {};
    once.run();
  }

  private void store(String verb, HasMetadata object) {
    put(object);
    String write = verb + " " + key(object);
    writes.add(write);
    if (write.equals(awaited)) {
      awaited = "";
      afterWrite.run();
    }
  }

  private <T extends HasMetadata> Optional<T> get(Class<T> type, String key) {
    allow("get", key);
    return Optional.ofNullable(objects.get(key)).map(copies::clone).map(type::cast);
  }

  private void allow(String verb, String object) {
    if (refused.equals(verb + " " + object)) {
      throw new ClusterException(verb, object, 403, "it is forbidden", null);
    }
  }

  private static String version(HasMetadata object) {
    return object.getMetadata().getResourceVersion();
  }

  private static String key(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    String namespace = metadata.getNamespace() == null ? "" : metadata.getNamespace() + "/";
    return object.getKind() + " " + namespace + metadata.getName();
  }
}
