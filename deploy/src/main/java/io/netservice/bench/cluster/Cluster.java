package io.netservice.bench.cluster;

import io.netservice.controlplane.ControlPlane;
import io.netservice.controlplane.ControlPlane.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * etcd and an API server with nothing beside them, and the writes that make a scenario: Nodes, pods
 * as kubelet and Multus would leave them, Services and NetServices.
 */
public final class Cluster implements AutoCloseable {

  /** How many Nodes the pods are spread over, in three zones. */
  static final int NODES = 9;

  private static final List<String> PUBLISHED =
      List.of(
          "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/%s/netservices",
          "/api/v1/namespaces/%s/services",
          "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices",
          "/api/v1/namespaces/%s/endpoints");

  private final ControlPlane controlPlane;
  private final Api api;
  private final Consumer<String> progress;

  private Cluster(ControlPlane controlPlane, Consumer<String> progress)
      throws IOException, GeneralSecurityException {
    this.controlPlane = controlPlane;
    this.progress = progress;
    this.api = new Api(controlPlane.server(), controlPlane.token(), authority());
  }

  /**
   * Starts a cluster without pods.
   *
   * @param manifests folders and files to apply first: the definitions of NetServices and networks
   * @param progress told what is being done
   */
  public static Cluster start(List<Path> manifests, Consumer<String> progress) {
    ControlPlane controlPlane =
        ControlPlane.start(
            ControlPlane.Options.defaults()
                .parts(Part.ETCD, Part.KUBE_APISERVER)
                .binaries(Part.KUBE_CONTROLLER_MANAGER.binary())
                // Nobody makes the ServiceAccounts that it would ask for.
                .flags(Part.KUBE_APISERVER, "--disable-admission-plugins=ServiceAccount")
                .progress(progress));
    try {
      Cluster cluster = new Cluster(controlPlane, progress);
      cluster.install(manifests);
      return cluster;
    } catch (IOException | GeneralSecurityException e) {
      controlPlane.close();
      throw new BenchException("the cluster can't be made ready: " + e, e);
    } catch (RuntimeException e) {
      controlPlane.close();
      throw e;
    }
  }

  public Api api() {
    return api;
  }

  /** A kubeconfig of an administrator. */
  public Path kubeconfig() {
    return controlPlane.kubeconfig();
  }

  /** A folder for files that go with the cluster. */
  public Path folder() {
    return controlPlane.folder();
  }

  /** Where the programs of Kubernetes are. */
  public Path binaries() {
    return controlPlane.binaries();
  }

  /** The certificates by which the API server is known. */
  public Path authority() {
    return controlPlane.folder().resolve("kube-apiserver/apiserver.crt");
  }

  /** Makes the namespaces and the pods, all ready or all not. */
  public void populate(Population population, boolean ready) {
    for (String namespace : population.namespaces()) {
      create(
          "/api/v1/namespaces",
          "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
              .formatted(namespace));
    }
    int[] groupOf = population.groupOfPods();
    AtomicInteger done = new AtomicInteger();
    api.each(
        population.pods(),
        pod -> {
          Group group = population.groups().get(groupOf[pod]);
          api.post(PodBodies.PODS.formatted(group.namespace()), PodBodies.pod(group, pod));
          api.patch(group.statusPath(pod), PodBodies.status(pod, ready));
          int count = done.incrementAndGet();
          if (count % 500 == 0) {
            progress.accept("pods: %d of %d".formatted(count, population.pods()));
          }
        });
  }

  /** How many bytes a pod has at the API server, as JSON. */
  public int podBytes(Group group) {
    String path = PodBodies.PODS.formatted(group.namespace()) + "/" + group.podName(group.first());
    return api.get(path).body().getBytes(StandardCharsets.UTF_8).length;
  }

  /** Asks for the addresses of {@code groups} to be published. */
  public void publish(List<Group> groups, Publication publication) {
    api.each(
        groups.size(),
        i -> {
          Group group = groups.get(i);
          api.post(publication.path(group.namespace()), publication.body(group));
        });
  }

  /**
   * Removes everything that any subject published, and what asked for it. Only while no subject
   * runs: one that does would make it again.
   */
  public void withdraw(Population population) {
    List<String> namespaces = population.namespaces();
    api.each(
        namespaces.size(),
        i -> PUBLISHED.forEach(path -> api.delete(path.formatted(namespaces.get(i)))));
  }

  @Override
  public void close() {
    controlPlane.close();
  }

  private void install(List<Path> manifests) throws IOException {
    List<String> apply = new ArrayList<>(List.of("apply", "--wait"));
    manifests.forEach(path -> apply.addAll(List.of("-f", path.toString())));
    kubectl(apply);
    kubectl(List.of("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"));
    create(
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"networks\"}}");
    create(
        "/apis/k8s.cni.cncf.io/v1/namespaces/networks/network-attachment-definitions",
        "{\"apiVersion\":\"k8s.cni.cncf.io/v1\",\"kind\":\"NetworkAttachmentDefinition\","
            + "\"metadata\":{\"name\":\"core\"},\"spec\":{\"config\":\"{}\"}}");
    for (int i = 1; i <= NODES; i++) {
      create(
          "/api/v1/nodes",
          """
          {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-%1$d","labels":{
          "kubernetes.io/hostname":"node-%1$d","topology.kubernetes.io/zone":"zone-%2$d"}}}"""
              .formatted(i, i % 3));
    }
  }

  private void create(String path, String body) {
    api.post(path, body.getBytes(StandardCharsets.UTF_8));
  }

  private void kubectl(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binaries().resolve("kubectl").toString());
    command.add("--kubeconfig=" + kubeconfig());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new BenchException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted at " + String.join(" ", command), e);
    }
  }
}
