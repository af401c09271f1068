package io.netservice.faults.load;

import java.util.List;
import java.util.Set;

/**
 * A NetService, and what is to be known of it to tell what it should publish.
 *
 * @param app the value of the label {@code app} of the pods that it selects
 * @param rest further fields of its {@code spec}, as JSON that begins with a comma
 */
public record Site(
    String namespace,
    String name,
    String app,
    Net net,
    Set<Family> families,
    boolean publishNotReady,
    boolean headless,
    String rest) {

  /** The namespaces of all sites. */
  public static final List<String> NAMESPACES = List.of("fleet-a", "fleet-b");

  /** Headless and not, with ports and without, of one family and of both, two of the same pods. */
  public static final List<Site> ALL =
      List.of(
          new Site(
              NAMESPACES.get(0), "web", "web", Net.CORE, Set.of(Family.values()), false, true, ""),
          new Site(
              NAMESPACES.get(0),
              "db",
              "db",
              Net.CORE,
              Set.of(Family.values()),
              false,
              false,
              ",\"type\":\"ClusterIP\",\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":8080}]"),
          new Site(
              NAMESPACES.get(0),
              "media",
              "web",
              Net.MEDIA,
              Set.of(Family.IPV4),
              false,
              true,
              ",\"ipFamilies\":[\"IPv4\"],\"ports\":[{\"name\":\"http\",\"port\":80,\"targetPort\":\"http\"}]"),
          new Site(
              NAMESPACES.get(1),
              "web",
              "web",
              Net.CORE,
              Set.of(Family.IPV6),
              true,
              true,
              ",\"ipFamilies\":[\"IPv6\"],\"publishNotReadyAddresses\":true"),
          new Site(
              NAMESPACES.get(1),
              "cache",
              "cache",
              Net.CORE,
              Set.of(Family.values()),
              false,
              true,
              ""));

  public Site {
    families = Set.copyOf(families);
  }

  /** Namespace and name, as {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** Whether it selects the pods of {@code namespace} with this label. */
  public boolean selects(String podNamespace, String podApp) {
    return namespace.equals(podNamespace) && app.equals(podApp);
  }

  /** The path of all NetServices of its namespace at the API server. */
  public String collection() {
    return "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/" + namespace + "/netservices";
  }

  /** The NetService. */
  public String body() {
    return """
    {"apiVersion":"netservice.cni.cncf.io/v1alpha1","kind":"NetService",
    "metadata":{"namespace":"%s","name":"%s"},
    "spec":{"netAttachDef":"%s","selector":{"app":"%s"}%s}}"""
        .formatted(namespace, name, net.title(), app, rest);
  }
}
