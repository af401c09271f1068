package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Pods as kubelet and Multus write them: the annotation first, then Ready, both by status. */
final class TestPods {

  static final String STATUS = "k8s.v1.cni.cncf.io/network-status";
  static final String OLD_STATUS = "k8s.v1.cni.cncf.io/networks-status";

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final KubernetesClient client;
  private final String namespace;

  TestPods(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** A pod with {@code app} as its label and a port named web, without any status. */
  void create(String name, String app) {
    make(name).label("app", app).port("web", 8080, "TCP").create();
  }

  /**
   * The Node of pods to come, in a zone. The endpointslice controller leaves out a pod whose Node
   * does not exist.
   */
  void node(String name, String zone) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(ZONE, zone)
                .endMetadata()
                .build())
        .create();
  }

  /** Moves a Node to another zone, or to none where {@code zone} is null. */
  void zone(String node, String zone) {
    client
        .nodes()
        .withName(node)
        .edit(
            n ->
                zone == null
                    ? new NodeBuilder(n).editMetadata().removeFromLabels(ZONE).endMetadata().build()
                    : new NodeBuilder(n)
                        .editMetadata()
                        .addToLabels(ZONE, zone)
                        .endMetadata()
                        .build());
  }

  /** A pod to be described further and created. */
  NewPod make(String name) {
    return new NewPod(name);
  }

  /** A pod that is not created yet: without node, hostname and ports unless told. */
  final class NewPod {
    private final PodBuilder pod = new PodBuilder();
    private final List<ContainerPort> ports = new ArrayList<>();

    private NewPod(String name) {
      pod.withNewMetadata()
          .withNamespace(namespace)
          .withName(name)
          .endMetadata()
          .withNewSpec()
          .withTerminationGracePeriodSeconds(0L)
          .endSpec();
    }

    NewPod label(String key, String value) {
      pod.editMetadata().addToLabels(key, value).endMetadata();
      return this;
    }

    /** As if the scheduler had chosen this node. */
    NewPod on(String node) {
      pod.editSpec().withNodeName(node).endSpec();
      return this;
    }

    NewPod hostname(String hostname, String subdomain) {
      pod.editSpec().withHostname(hostname).withSubdomain(subdomain).endSpec();
      return this;
    }

    NewPod port(String name, int number, String protocol) {
      ports.add(containerPort(name, number, protocol));
      return this;
    }

    /** A port of an init container that keeps running beside the others. */
    NewPod sidecarPort(String name, int number, String protocol) {
      pod.editSpec()
          .addNewInitContainer()
          .withName("sidecar")
          .withImage("none")
          .withRestartPolicy("Always")
          .withPorts(containerPort(name, number, protocol))
          .endInitContainer()
          .endSpec();
      return this;
    }

    void create() {
      client
          .resource(
              pod.editSpec()
                  .addNewContainer()
                  .withName("main")
                  .withImage("none")
                  .withPorts(ports)
                  .endContainer()
                  .endSpec()
                  .build())
          .create();
    }

    private static ContainerPort containerPort(String name, int number, String protocol) {
      return new ContainerPortBuilder()
          .withName(name)
          .withContainerPort(number)
          .withProtocol(protocol)
          .build();
    }
  }

  /** A ready pod with addresses on one network. */
  void ready(String name, String app, String network, String... addresses) {
    create(name, app);
    annotate(name, STATUS, status(network, addresses));
    ready(name, true);
  }

  /** A network status with the cluster's own network and one attachment. */
  static String status(String network, String... addresses) {
    String ips =
        Arrays.stream(addresses).map(ip -> '"' + ip + '"').collect(Collectors.joining(","));
    return "[{\"name\":\"cbr0\",\"interface\":\"eth0\",\"ips\":[\"10.244.0.9\"],\"default\":true,"
        + "\"dns\":{}},{\"name\":\""
        + network
        + "\",\"interface\":\"net1\",\"ips\":["
        + ips
        + "],\"mac\":\"d2:78:f2:ea:95:02\",\"dns\":{}}]";
  }

  /** Writes an annotation through the status subresource, as Multus does. */
  void annotate(String name, String annotation, String value) {
    patch(name, Map.of("metadata", Map.of("annotations", Map.of(annotation, value))));
  }

  void ready(String name, boolean ready) {
    patch(
        name,
        Map.of(
            "status",
            Map.of(
                "phase",
                "Running",
                "conditions",
                List.of(Map.of("type", "Ready", "status", ready ? "True" : "False")))));
  }

  /** Writes the addresses on the default network, as kubelet does once the sandbox is there. */
  private void addresses(String name, List<String> addresses) {
    patch(
        name,
        Map.of(
            "status",
            Map.of(
                "podIP",
                addresses.get(0),
                "podIPs",
                addresses.stream().map(ip -> Map.of("ip", ip)).toList())));
  }

  /**
   * Attaches a pod to a network: Multus writes its annotation, then kubelet the pod's addresses.
   */
  void attach(String name, String network, PodAddresses addresses) {
    annotate(name, STATUS, status(network, addresses.onNetwork().toArray(String[]::new)));
    addresses(name, addresses.byDefault());
  }

  /** All containers have ended: {@code phase} is Succeeded or Failed. */
  void finish(String name, String phase) {
    patch(
        name,
        Map.of(
            "status",
            Map.of(
                "phase",
                phase,
                "conditions",
                List.of(Map.of("type", "Ready", "status", "False")))));
  }

  void label(String name, String key, String value) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client
                .getKubernetesSerialization()
                .asJson(Map.of("metadata", Map.of("labels", Map.of(key, value)))));
  }

  /**
   * Deletes a pod that has a node with a grace period, which nobody here ends: it stays as being
   * deleted until {@link #delete}.
   */
  void terminate(String name) {
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(3600).delete();
  }

  void delete(String name) {
    client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  private void patch(String name, Map<String, ?> patch) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(patch));
  }
}
