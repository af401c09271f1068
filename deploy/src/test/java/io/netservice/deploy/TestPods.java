package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Pods as kubelet and Multus write them: the annotation first, then Ready, both by status. */
final class TestPods {

  static final String STATUS = "k8s.v1.cni.cncf.io/network-status";
  static final String OLD_STATUS = "k8s.v1.cni.cncf.io/networks-status";

  private final KubernetesClient client;
  private final String namespace;

  TestPods(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** A pod with {@code app} as its label, without any status. */
  void create(String name, String app) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(Map.of("app", app))
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("main")
                .withImage("none")
                .addNewPort()
                .withName("web")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .build())
        .create();
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
