package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The install and its certificates on a real API server. */
class InstallIT {

  private Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = Cluster.get();
  }

  @Test
  void installIsAcceptedTwiceWithoutWarnings() {
    for (String output : cluster.installOutputs()) {
      assertFalse(output.contains("Warning"), output);
      assertTrue(output.contains("deployment.apps/netservice-syncer"), output);
    }
  }

  /** A Job's template can't be changed: the certs Job of another version must be another Job. */
  @Test
  void anotherVersionIsAcceptedOverTheInstall(@TempDir Path folder) throws Exception {
    // Without the webhook configurations: they lead to the webhook of the tests by now.
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        resources: [%s]
        images:
          - {name: netservice-webhook, newTag: 0.2.0}
          - {name: netservice-syncer, newTag: 0.2.0}
          - {name: netservice-certs, newName: example.org/certs, newTag: 0.2.0_rc.1}
        patches:
          - target: {group: admissionregistration.k8s.io}
            patch: |
              $patch: delete
              apiVersion: all
              kind: all
              metadata: {name: all}
        """
            .formatted(folder.toRealPath().relativize(Path.of("../deploy/base").toRealPath())));
    for (String verdict : List.of("created", "unchanged")) {
      String output = cluster.kubectl("apply", "-k", folder.toString());
      assertTrue(output.matches("(?s).*job.batch/netservice-certs-\\w+ " + verdict + ".*"), output);
      assertFalse(output.contains("Warning"), output);
    }
    String images =
        cluster.kubectl(
            "-n",
            "netservice-system",
            "get",
            "jobs",
            "-l",
            "app.kubernetes.io/name=netservice-certs",
            "-o",
            "jsonpath={.items[*].spec.template.spec.containers[*].image}");
    assertTrue(images.contains("example.org/certs:0.2.0_rc.1"), images);
  }

  @Test
  void samplesAreAccepted() {
    cluster.kubectl("apply", "-f", "../deploy/samples/namespace.yaml");
    String output = cluster.kubectl("apply", "--dry-run=server", "-k", "../deploy/samples");
    assertTrue(output.contains("netservice.netservice.cni.cncf.io/corens"), output);
  }

  @Test
  void secondBootstrapChangesNothing() throws Exception {
    String output = cluster.bootstrapCertificates();
    assertTrue(output.contains("nothing to do"), output);
  }

  /**
   * As from an administrator's laptop, for an install of its own: another Secret, other webhooks.
   */
  @Test
  void bootstrapScriptMakesTheCertificatesOnce() throws Exception {
    String namespace = cluster.newNamespace("script");
    for (String kind : List.of("Mutating", "Validating")) {
      cluster.kubectlWithInput(
          """
          apiVersion: admissionregistration.k8s.io/v1
          kind: %sWebhookConfiguration
          metadata: {name: script}
          webhooks:
            - name: none.example.org
              admissionReviewVersions: [v1]
              sideEffects: None
              clientConfig: {service: {name: netservice-webhook, namespace: %s}}
              rules: []
          """
              .formatted(kind, namespace),
          "apply",
          "-f",
          "-");
    }

    String first = bootstrapScript(namespace);
    assertTrue(first.contains("Secret " + namespace + "/netservice-webhook-tls: created"), first);
    assertEquals(2, first.split("caBundle set", -1).length - 1, first);
    List<String> versions = bootstrapped(namespace);

    String second = bootstrapScript(namespace);
    assertTrue(second.contains("nothing to do"), second);
    assertEquals(versions, bootstrapped(namespace));

    // The certificate speaks for the Service and for the host.
    Secret secret =
        cluster.client().secrets().inNamespace(namespace).withName("netservice-webhook-tls").get();
    byte[] pem = Base64.getDecoder().decode(secret.getData().get("tls.crt"));
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem));
    String names = certificate.getSubjectAlternativeNames().toString();
    assertTrue(names.contains("netservice-webhook." + namespace + ".svc]"), names);
    assertTrue(names.contains("hook.example.org]"), names);
  }

  private String bootstrapScript(String namespace) throws Exception {
    return JarProcess.startCommand(
            "bootstrap.sh",
            List.of(
                "../certs/bootstrap.sh",
                "--kubeconfig",
                cluster.controlPlane().kubeconfig().toString(),
                "--namespace",
                namespace,
                "--webhook-configuration",
                "script",
                "--host",
                "hook.example.org"))
        .awaitSuccess();
  }

  private List<String> bootstrapped(String namespace) {
    return Stream.of(
            "secret/netservice-webhook-tls",
            "mutatingwebhookconfiguration/script",
            "validatingwebhookconfiguration/script")
        .map(
            object ->
                cluster.kubectl(
                    "-n", namespace, "get", object, "-o", "jsonpath={.metadata.resourceVersion}"))
        .toList();
  }

  @Test
  void missingTrustIsRepaired() throws Exception {
    String bundle = "jsonpath={.webhooks[0].clientConfig.caBundle}";
    String before =
        cluster.kubectl("get", "mutatingwebhookconfiguration", "netservice", "-o", bundle);
    cluster.kubectl(
        "patch",
        "mutatingwebhookconfiguration",
        "netservice",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/webhooks/0/clientConfig/caBundle\"}]");
    cluster.bootstrapCertificates();
    assertEquals(
        before, cluster.kubectl("get", "mutatingwebhookconfiguration", "netservice", "-o", bundle));
  }

  @Test
  void programsMayNotDoMoreThanTheyNeed() {
    String as = "--as=system:serviceaccount:netservice-system:";
    for (String[] question :
        new String[][] {
          {"get", "secrets", "netservice-syncer"},
          {"delete", "pods", "netservice-syncer"},
          {"update", "netservices.netservice.cni.cncf.io", "netservice-syncer"},
          {"list", "services", "netservice-webhook"},
          {"get", "secrets", "netservice-webhook"},
          {"get", "pods", "netservice-certs"}
        }) {
      String answer;
      try {
        answer = cluster.kubectl("auth", "can-i", question[0], question[1], as + question[2]);
      } catch (IllegalStateException e) {
        answer = e.getMessage(); // can-i ends with 1 where the answer is no.
      }
      assertTrue(answer.contains("no"), String.join(" ", question) + ": " + answer);
    }
  }
}
