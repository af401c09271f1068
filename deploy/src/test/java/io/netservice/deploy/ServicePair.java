package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.netservice.api.NetService;
import java.util.List;
import java.util.Map;

/** An ordinary Service and a NetService that are told the same. */
final class ServicePair {

  static final String NETWORK = "core";

  /** A port as the JSON of either kind has it. */
  private static final List<Map<String, Object>> WEB =
      List.of(Map.of("name", "web", "port", 80, "targetPort", "web"));

  private final KubernetesClient client;
  private final String namespace;
  private final String type;

  private ServicePair(KubernetesClient client, String namespace, String type) {
    this.client = client;
    this.namespace = namespace;
    this.type = type;
  }

  static ServicePair headless(KubernetesClient client, String namespace) {
    return new ServicePair(client, namespace, "Headless").create();
  }

  static ServicePair clusterIp(KubernetesClient client, String namespace) {
    return new ServicePair(client, namespace, "ClusterIP").create();
  }

  /** Both select {@code app=a} and have the port web. */
  private ServicePair create() {
    service(ordinary(), List.of("IPv4", "IPv6"));
    service(ordinaryIpv6(), List.of("IPv6", "IPv4"));
    create(
        NetService.class,
        Map.of(
            "apiVersion",
            NetService.API_VERSION,
            "kind",
            NetService.KIND,
            "metadata",
            Map.of("name", network(), "namespace", namespace),
            "spec",
            Map.of(
                "netAttachDef",
                namespace + "/" + NETWORK,
                "type",
                type,
                "selector",
                Map.of("app", "a"),
                "ports",
                WEB)));
    return this;
  }

  private void service(String name, List<String> families) {
    Map<String, Object> spec =
        Map.of(
            "ipFamilyPolicy",
            "RequireDualStack",
            "ipFamilies",
            families,
            "selector",
            Map.of("app", "a"),
            "ports",
            WEB);
    Map<String, Object> headless = new java.util.HashMap<>(spec);
    if (mayBeWithoutPorts()) {
      headless.put("clusterIP", "None");
    }
    create(
        Service.class,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Service",
            "metadata",
            Map.of("name", name, "namespace", namespace),
            "spec",
            headless));
  }

  private <T extends io.fabric8.kubernetes.api.model.HasMetadata> void create(
      Class<T> kind, Map<String, Object> object) {
    var serialization = client.getKubernetesSerialization();
    client
        .resource(serialization.unmarshal(serialization.asJson(object), kind))
        .inNamespace(namespace)
        .create();
  }

  /** The name of the ordinary Service. */
  String ordinary() {
    return "ordinary-" + suffix();
  }

  /** The name of another ordinary Service, whose first family is IPv6. */
  String ordinaryIpv6() {
    return "ordinary6-" + suffix();
  }

  /** The name of the NetService. */
  String network() {
    return "network-" + suffix();
  }

  private String suffix() {
    return type.toLowerCase(java.util.Locale.ROOT);
  }

  boolean mayBeWithoutPorts() {
    return type.equals("Headless");
  }

  void select(Map<String, String> selector) {
    set("selector", selector);
  }

  void publishNotReadyAddresses(boolean publish) {
    set("publishNotReadyAddresses", publish);
  }

  void ports(List<Map<String, Object>> ports) {
    set("ports", ports);
  }

  /** Has the built-in controllers look at the ordinary Services again. */
  void remindBuiltInControllers(String change) {
    for (String name : List.of(ordinary(), ordinaryIpv6())) {
      service(name)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              json(Map.of("metadata", Map.of("annotations", Map.of("reminded", change)))));
    }
  }

  private void set(String field, Object value) {
    String patch = json(List.of(Map.of("op", "add", "path", "/spec/" + field, "value", value)));
    for (Resource<?> each :
        List.of(
            service(ordinary()),
            service(ordinaryIpv6()),
            client.resources(NetService.class).inNamespace(namespace).withName(network()))) {
      each.patch(PatchContext.of(PatchType.JSON), patch);
    }
  }

  private Resource<Service> service(String name) {
    return client.services().inNamespace(namespace).withName(name);
  }

  private String json(Object object) {
    return client.getKubernetesSerialization().asJson(object);
  }
}
