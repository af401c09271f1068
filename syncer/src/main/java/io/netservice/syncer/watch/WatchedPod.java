package io.netservice.syncer.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;

/**
 * The part of a Pod that is read: a stock Pod keeps several times as much in memory. Mutable
 * because the client's informers fill and hand on such a bean.
 */
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class WatchedPod implements HasMetadata, Namespaced {

  private static final long serialVersionUID = 1;

  private String apiVersion = "v1";
  private String kind = "Pod";
  private ObjectMeta metadata;
  private Spec spec;
  private Status status;

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String apiVersion) {
    this.apiVersion = apiVersion;
  }

  @Override
  public String getKind() {
    return kind;
  }

  public void setKind(String kind) {
    this.kind = kind;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    // Nothing but these is read, and managedFields are often the largest part of a pod.
    metadata.setManagedFields(List.of());
    this.metadata = metadata;
  }

  public Spec getSpec() {
    return spec;
  }

  public void setSpec(Spec spec) {
    this.spec = spec;
  }

  public Status getStatus() {
    return status;
  }

  public void setStatus(Status status) {
    this.status = status;
  }

  /** {@code spec}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Spec(
      String nodeName,
      String hostname,
      String subdomain,
      List<Container> containers,
      List<Container> initContainers) {}

  /** A container, for its ports. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Container(String restartPolicy, List<Port> ports) {}

  /** A port of a container. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Port(String name, String protocol, int containerPort) {}

  /** {@code status}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Status(String phase, List<PodCondition> conditions) {}

  /** A condition, for what it says. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record PodCondition(String type, String status) {}

  /** What a list of pods is read into. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonDeserialize(using = JsonDeserializer.None.class)
  public static final class PodList extends DefaultKubernetesResourceList<WatchedPod> {
    private static final long serialVersionUID = 1;
  }
}
