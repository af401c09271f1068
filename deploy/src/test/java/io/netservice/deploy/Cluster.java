package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.netservice.api.NetService;
import io.netservice.controlplane.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One real control plane for all integration tests, with the install applied and its programs
 * running under the install's ServiceAccounts. Started at first use, stopped when the JVM ends.
 */
final class Cluster {

  private static final CompletableFuture<Cluster> INSTANCE = new CompletableFuture<>();

  private static final String SYSTEM = "netservice-system";

  private final ControlPlane controlPlane;
  private final Kubectl kubectl;
  private final KubernetesClient client;
  private final List<String> installOutputs;
  private final AtomicInteger namespaces = new AtomicInteger();
  private JarProcess webhook;
  private JarProcess syncer;
  private Dns dns;

  private Cluster() throws Exception {
    // Nobody plays kubelet here: the node lifecycle controller would find every Node unreachable.
    controlPlane =
        ControlPlane.start(
            AuditLog.keep(
                "cluster",
                ControlPlane.Options.defaults()
                    .controllers("*", "-node-lifecycle-controller")
                    .binaries("coredns", "prometheus", "promtool")));
    kubectl = new Kubectl(controlPlane);
    client = clientOf(controlPlane.kubeconfig());
    try {
      kubectl("apply", "-f", "../deploy/samples/crd");
      installOutputs =
          List.of(
              kubectl("apply", "-k", "../deploy/base"), kubectl("apply", "-k", "../deploy/base"));
      kubectl("wait", "--for=condition=Established", "crd/netservices.netservice.cni.cncf.io");
      bootstrapCertificates();
      startWebhook();
      startSyncer();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /**
   * The cluster of this JVM.
   *
   * @throws IllegalStateException if it could not be started, for this test or an earlier one: it
   *     isn't tried again, because that takes minutes and nothing has changed
   */
  static synchronized Cluster get() {
    if (!INSTANCE.isDone()) {
      try {
        INSTANCE.complete(new Cluster());
      } catch (Throwable e) {
        INSTANCE.completeExceptionally(e);
      }
    }
    try {
      return INSTANCE.join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "the cluster could not be started: " + e.getCause(), e.getCause());
    }
  }

  private void close() throws InterruptedException {
    try {
      for (JarProcess process : Arrays.asList(syncer, webhook)) {
        if (process != null) {
          process.kill();
        }
      }
    } finally {
      client.close();
      controlPlane.close();
    }
  }

  /** An administrator's client. */
  KubernetesClient client() {
    return client;
  }

  /** What kubectl said when the install was applied, and when it was applied again. */
  List<String> installOutputs() {
    return installOutputs;
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  JarProcess webhook() {
    return webhook;
  }

  JarProcess syncer() {
    return syncer;
  }

  /** CoreDNS, started at first use. */
  synchronized Dns dns() throws IOException {
    if (dns == null) {
      dns = Dns.start(controlPlane);
    }
    return dns;
  }

  /** Makes a namespace that no other test has, with the network {@code core} in it. */
  String newNamespace(String prefix) {
    String name = prefix + "-" + namespaces.incrementAndGet();
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    network(name, "core");
    return name;
  }

  /** Makes a NetworkAttachmentDefinition. */
  void network(String namespace, String name) {
    client
        .resource(
            new GenericKubernetesResourceBuilder()
                .withApiVersion("k8s.cni.cncf.io/v1")
                .withKind("NetworkAttachmentDefinition")
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties("spec", Map.of("config", "{}"))
                .build())
        .create();
  }

  /** Creates a NetService, or gives the one of that name this spec, which is YAML. */
  void netService(String namespace, String name, String spec) {
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(
                    "apiVersion: netservice.cni.cncf.io/v1alpha1\nkind: NetService\nspec:\n"
                        + spec.indent(2)
                        + "metadata: {namespace: "
                        + namespace
                        + ", name: "
                        + name
                        + "}\n",
                    NetService.class))
        .createOr(NonDeletingOperation::update);
  }

  /** Kills the syncer, lets {@code meanwhile} happen, and starts another. */
  void whileSyncerIsAway(Runnable meanwhile) throws Exception {
    syncer.kill();
    forgetLeader();
    try {
      meanwhile.run();
    } finally {
      startSyncer();
    }
  }

  /** What a test does that may fail. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  /** Runs {@code body}, which starts syncers of its own and ends them, in place of this one. */
  void withoutSyncer(Body body) throws Exception {
    syncer.stop();
    try {
      body.run();
    } finally {
      forgetLeader();
      startSyncer();
    }
  }

  /** Asks the syncer to stop, starts another, and gives the first, which has ended. */
  JarProcess replaceSyncer() throws Exception {
    JarProcess first = syncer;
    first.stop();
    startSyncer();
    return first;
  }

  /** Takes the Lease from a leader that is known to be dead: the next one need not wait. */
  void forgetLeader() {
    client.leases().inNamespace(SYSTEM).withName("netservice-syncer").delete();
  }

  private void startSyncer() throws Exception {
    syncer = startAnotherSyncer();
    syncer.awaitLine("this process is the leader now");
  }

  /** One more syncer beside those that run, with its caches in step. */
  JarProcess startAnotherSyncer(String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig",
                kubeconfigOf("netservice-syncer").toString(),
                "--lease-namespace",
                SYSTEM,
                "--bind-address",
                "127.0.0.1",
                "--metrics-port",
                "0"));
    arguments.addAll(List.of(options));
    JarProcess another = JarProcess.start("syncer", arguments.toArray(String[]::new));
    another.awaitLine("caches are in step");
    return another;
  }

  /** Runs {@code netservice-certs bootstrap} as the Job of the install does; gives its output. */
  String bootstrapCertificates() throws Exception {
    JarProcess process =
        JarProcess.start(
            "certs",
            "bootstrap",
            "--kubeconfig",
            kubeconfigOf("netservice-certs").toString(),
            "--host",
            "127.0.0.1");
    return process.awaitSuccess();
  }

  private void startWebhook() throws Exception {
    SecretFiles certificates =
        new SecretFiles(Files.createTempDirectory(controlPlane.folder(), "tls"));
    certificates.update(
        client.secrets().inNamespace(SYSTEM).withName("netservice-webhook-tls").get());
    webhook =
        JarProcess.startWebhook(
            kubeconfigOf("netservice-webhook"), certificates.certificate(), certificates.key());
    kubectl.leadWebhooksTo(
        webhook.awaitLine("serving https on ").replaceAll(".*serving https on ", ""));
  }

  /** A kubeconfig with a token of a ServiceAccount of the install. */
  Path kubeconfigOf(String serviceAccount) throws IOException {
    return kubectl.kubeconfigOf(serviceAccount);
  }

  /** Runs the control plane's kubectl as the administrator and gives what it printed. */
  String kubectl(String... arguments) {
    return kubectl.run(arguments);
  }

  String kubectlWithInput(String input, String... arguments) {
    return kubectl.runWithInput(input, arguments);
  }

  static KubernetesClient clientOf(Path kubeconfig) {
    return Kubectl.clientOf(kubeconfig);
  }
}
