package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.netservice.controlplane.ControlPlane;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What an administrator does with a control plane. */
final class Kubectl {

  private static final String SYSTEM = "netservice-system";

  private final ControlPlane controlPlane;

  Kubectl(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /** Runs the control plane's kubectl as the administrator and gives what it printed. */
  String run(String... arguments) {
    return runWithInput("", arguments);
  }

  /**
   * The same with something to read.
   *
   * @throws IllegalStateException if it fails, with what it printed
   */
  String runWithInput(String input, String... arguments) {
    return runAs(controlPlane.kubeconfig(), input, arguments);
  }

  /** The same as somebody else. */
  String runAs(Path kubeconfig, String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(controlPlane.binaries().resolve("kubectl").toString());
    command.add("--kubeconfig=" + kubeconfig);
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(
            "kubectl " + String.join(" ", arguments) + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Has the API server reach the webhook at {@code address}, which is no Service here. */
  void leadWebhooksTo(String address) {
    for (String kind : List.of("mutating", "validating")) {
      String path = kind.equals("mutating") ? "/mutate" : "/validate";
      run(
          "patch",
          kind + "webhookconfiguration",
          "netservice",
          "--type=json",
          "-p",
          "[{\"op\":\"remove\",\"path\":\"/webhooks/0/clientConfig/service\"},"
              + "{\"op\":\"add\",\"path\":\"/webhooks/0/clientConfig/url\",\"value\":\"https://"
              + address
              + path
              + "\"}]");
    }
    awaitWebhooks();
  }

  /** The API server learns of the webhook configurations by a watch. */
  void awaitWebhooks() {
    Await.until("the webhook is asked", this::webhookIsAsked);
  }

  private boolean webhookIsAsked() {
    try {
      return runWithInput(
              "{\"apiVersion\":\"netservice.cni.cncf.io/v1alpha1\",\"kind\":\"NetService\","
                  + "\"metadata\":{\"name\":\"probe\",\"namespace\":\"default\"},"
                  + "\"spec\":{\"netAttachDef\":\"core\",\"selector\":{\"app\":\"a\"}}}",
              "apply",
              "--dry-run=server",
              "-o",
              "jsonpath={.spec.netAttachDef}",
              "-f",
              "-")
          .contains("default/core");
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** A kubeconfig with a token of a ServiceAccount of the install, made by the TokenRequest API. */
  Path kubeconfigOf(String serviceAccount) throws IOException {
    return kubeconfigOf(SYSTEM, serviceAccount);
  }

  /** The same of any ServiceAccount. */
  Path kubeconfigOf(String namespace, String serviceAccount) throws IOException {
    String token;
    try (KubernetesClient client = clientOf(controlPlane.kubeconfig())) {
      token =
          client
              .serviceAccounts()
              .inNamespace(namespace)
              .withName(serviceAccount)
              .tokenRequest(
                  new TokenRequestBuilder()
                      .withNewSpec()
                      .withExpirationSeconds(7200L)
                      .endSpec()
                      .build())
              .getStatus()
              .getToken();
    }
    String admin = Files.readString(controlPlane.kubeconfig());
    Path file =
        Files.createTempFile(
            controlPlane.folder(),
            serviceAccount,
            ".kubeconfig",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, admin.replace(controlPlane.token(), token));
    return file;
  }

  static KubernetesClient clientOf(Path kubeconfig) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }
}
