package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.NonResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The install and its certificates on a real API server. */
class InstallIT {

  private static final String SYNCER_MAY =
      """
      create delete get list update watch discovery.k8s.io/endpointslices;
      create delete get list update watch endpoints;
      create delete get list update watch services;
      create discovery.k8s.io/endpointslices/restricted;
      create endpoints/restricted;
      create patch events;
      get list watch netservice.cni.cncf.io/netservices;
      list watch k8s.cni.cncf.io/network-attachment-definitions;
      list watch nodes;
      list watch pods;
      patch netservice.cni.cncf.io/netservices/status;
      update netservice.cni.cncf.io/netservices/finalizers""";

  private static final String SYNCER_MAY_AT_HOME =
      """
      create coordination.k8s.io/leases;
      get list update watch coordination.k8s.io/leases netservice-syncer""";

  private static final String CERTS_MAY_ANYWHERE =
      """
      get update admissionregistration.k8s.io/mutatingwebhookconfigurations netservice;
      get update admissionregistration.k8s.io/validatingwebhookconfigurations netservice""";

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

  // -- What the programs may do
  // ---------------------------------------------------------------------

  /**
   * All of it: a line for each resource, with its API group and its name where the right has one.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          netservice-webhook | netservice-system | create events; get k8s.cni.cncf.io/network-attachment-definitions; get services
          netservice-webhook | default           | get k8s.cni.cncf.io/network-attachment-definitions; get services
          netservice-syncer  | netservice-system | SYNCER; HOME
          netservice-syncer  | default           | SYNCER
          netservice-certs   | netservice-system | CERTS; create get patch secrets netservice-webhook-tls
          netservice-certs   | default           | CERTS
          """)
  void programsMayDoExactlyThis(String account, String namespace, String expected)
      throws Exception {
    String spelled =
        expected
            .replace("SYNCER", SYNCER_MAY)
            .replace("HOME", SYNCER_MAY_AT_HOME)
            .replace("CERTS", CERTS_MAY_ANYWHERE);
    assertEquals(
        spelled
            .lines()
            .flatMap(line -> Stream.of(line.split(";")))
            .map(String::strip)
            .sorted()
            .collect(Collectors.joining("\n")),
        String.join("\n", rights(account, namespace)));
  }

  /** What the API server says an account may do in a namespace, less what every account may. */
  private List<String> rights(String account, String namespace) throws Exception {
    Map<String, Set<String>> rights = rules(account, namespace);
    rules("default", namespace)
        .forEach(
            (resource, verbs) -> rights.getOrDefault(resource, new TreeSet<>()).removeAll(verbs));
    return rights.entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .map(each -> String.join(" ", each.getValue()) + " " + each.getKey())
        .sorted()
        .toList();
  }

  /** The verbs by group, resource and name; of paths that are no resources, too. */
  private Map<String, Set<String>> rules(String account, String namespace) throws Exception {
    Map<String, Set<String>> rules = new TreeMap<>();
    try (KubernetesClient client = Cluster.clientOf(cluster.kubeconfigOf(account))) {
      SubjectRulesReviewStatus status =
          client
              .authorization()
              .v1()
              .selfSubjectRulesReview()
              .create(
                  new SelfSubjectRulesReviewBuilder()
                      .withNewSpec()
                      .withNamespace(namespace)
                      .endSpec()
                      .build())
              .getStatus();
      for (ResourceRule rule : status.getResourceRules()) {
        List<String> names =
            rule.getResourceNames().isEmpty() ? List.of("") : rule.getResourceNames();
        for (String group : rule.getApiGroups()) {
          for (String resource : rule.getResources()) {
            for (String name : names) {
              String key =
                  (group.isEmpty() ? "" : group + "/")
                      + resource
                      + (name.isEmpty() ? "" : " " + name);
              rules.computeIfAbsent(key, any -> new TreeSet<>()).addAll(rule.getVerbs());
            }
          }
        }
      }
      for (NonResourceRule rule : status.getNonResourceRules()) {
        rule.getNonResourceURLs()
            .forEach(
                url -> rules.computeIfAbsent(url, any -> new TreeSet<>()).addAll(rule.getVerbs()));
      }
    }
    return rules;
  }

  /**
   * The same question as the API server asks itself; a dash stands for any name, or no namespace.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          netservice-certs   | yes | get    | secrets                        | netservice-system | netservice-webhook-tls
          netservice-certs   | yes | patch  | secrets                        | netservice-system | netservice-webhook-tls
          netservice-certs   | yes | create | secrets                        | netservice-system | netservice-webhook-tls
          netservice-certs   | no  | create | secrets                        | netservice-system | -
          netservice-certs   | no  | create | secrets                        | netservice-system | other
          netservice-certs   | no  | update | secrets                        | netservice-system | netservice-webhook-tls
          netservice-certs   | no  | delete | secrets                        | netservice-system | netservice-webhook-tls
          netservice-certs   | no  | get    | secrets                        | netservice-system | other
          netservice-certs   | no  | patch  | secrets                        | netservice-system | other
          netservice-certs   | no  | get    | secrets                        | netservice-system | -
          netservice-certs   | no  | list   | secrets                        | netservice-system | -
          netservice-certs   | no  | watch  | secrets                        | netservice-system | -
          netservice-certs   | no  | get    | secrets                        | default           | netservice-webhook-tls
          netservice-certs   | no  | create | secrets                        | default           | -
          netservice-certs   | yes | get    | mutatingwebhookconfigurations.admissionregistration.k8s.io   | - | netservice
          netservice-certs   | yes | update | mutatingwebhookconfigurations.admissionregistration.k8s.io   | - | netservice
          netservice-certs   | yes | get    | validatingwebhookconfigurations.admissionregistration.k8s.io | - | netservice
          netservice-certs   | yes | update | validatingwebhookconfigurations.admissionregistration.k8s.io | - | netservice
          netservice-certs   | no  | update | mutatingwebhookconfigurations.admissionregistration.k8s.io   | - | other
          netservice-certs   | no  | update | validatingwebhookconfigurations.admissionregistration.k8s.io | - | other
          netservice-certs   | no  | create | mutatingwebhookconfigurations.admissionregistration.k8s.io   | - | -
          netservice-certs   | no  | delete | validatingwebhookconfigurations.admissionregistration.k8s.io | - | netservice
          netservice-certs   | no  | list   | mutatingwebhookconfigurations.admissionregistration.k8s.io   | - | -
          netservice-certs   | no  | update | customresourcedefinitions.apiextensions.k8s.io               | - | netservices.netservice.cni.cncf.io
          netservice-certs   | no  | get    | pods                           | netservice-system | -
          netservice-certs   | no  | create | serviceaccounts/token          | netservice-system | netservice-syncer
          netservice-webhook | yes | get    | services                       | default           | kubernetes
          netservice-webhook | yes | get    | network-attachment-definitions.k8s.cni.cncf.io | default | core
          netservice-webhook | no  | list   | services                       | default           | -
          netservice-webhook | no  | update | services                       | default           | kubernetes
          netservice-webhook | no  | list   | network-attachment-definitions.k8s.cni.cncf.io | default | -
          netservice-webhook | no  | get    | secrets                        | netservice-system | netservice-webhook-tls
          netservice-webhook | no  | get    | secrets                        | netservice-system | -
          netservice-webhook | no  | update | netservices.netservice.cni.cncf.io | default       | db
          netservice-webhook | no  | update | validatingwebhookconfigurations.admissionregistration.k8s.io | - | netservice
          netservice-webhook | no  | get    | pods                           | default           | -
          netservice-webhook | yes | create | events                         | netservice-system | -
          netservice-webhook | no  | create | events                         | default           | -
          netservice-syncer  | yes | watch  | pods                           | default           | -
          netservice-syncer  | yes | delete | endpointslices.discovery.k8s.io | default          | db-1
          netservice-syncer  | no  | get    | secrets                        | netservice-system | netservice-webhook-tls
          netservice-syncer  | no  | list   | secrets                        | default           | -
          netservice-syncer  | no  | watch  | secrets                        | -                 | -
          netservice-syncer  | no  | get    | configmaps                     | netservice-system | -
          netservice-syncer  | no  | create | pods                           | default           | -
          netservice-syncer  | no  | delete | pods                           | default           | db-1
          netservice-syncer  | no  | patch  | pods/status                    | default           | db-1
          netservice-syncer  | no  | create | pods/exec                      | default           | db-1
          netservice-syncer  | no  | get    | pods/log                       | default           | db-1
          netservice-syncer  | no  | update | nodes                          | -                 | node-1
          netservice-syncer  | no  | get    | nodes/proxy                    | -                 | node-1
          netservice-syncer  | no  | create | netservices.netservice.cni.cncf.io | default       | -
          netservice-syncer  | no  | update | netservices.netservice.cni.cncf.io | default       | db
          netservice-syncer  | no  | delete | netservices.netservice.cni.cncf.io | default       | db
          netservice-syncer  | no  | create | serviceaccounts/token          | netservice-system | netservice-certs
          netservice-syncer  | no  | bind   | clusterroles.rbac.authorization.k8s.io | -         | cluster-admin
          netservice-syncer  | no  | impersonate | serviceaccounts           | netservice-system | netservice-certs
          """)
  void questionIsAnsweredWithYesOrNo(
      String account,
      String expected,
      String verb,
      String resource,
      String namespace,
      String name) {
    String[] parts = resource.split("/", 2);
    String[] kind = parts[0].split("\\.", 2);
    SubjectAccessReview answer =
        cluster
            .client()
            .authorization()
            .v1()
            .subjectAccessReview()
            .create(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser("system:serviceaccount:netservice-system:" + account)
                    .withGroups(
                        "system:serviceaccounts",
                        "system:serviceaccounts:netservice-system",
                        "system:authenticated")
                    .withNewResourceAttributes()
                    .withVerb(verb)
                    .withGroup(kind.length == 1 ? "" : kind[1])
                    .withResource(kind[0])
                    .withSubresource(parts.length == 1 ? "" : parts[1])
                    .withNamespace(namespace.equals("-") ? "" : namespace)
                    .withName(name.equals("-") ? "" : name)
                    .endResourceAttributes()
                    .endSpec()
                    .build());
    assertEquals(
        expected.equals("yes"),
        answer.getStatus().getAllowed(),
        () ->
            "%s: %s %s in %s, named %s: %s"
                .formatted(
                    account, verb, resource, namespace, name, answer.getStatus().getReason()));
  }

  // -- What the cluster makes of it
  // -----------------------------------------------------------------

  /**
   * Nobody runs the pods here. That they are created shows that neither Pod Security nor anything
   * else that judges pods refuses them: who applies a Deployment is not told of that.
   */
  @Test
  void podsOfTheInstallAreAdmitted() {
    Await.equal(
        "programs with pods; who lacks pods; what was refused",
        "[netservice-certs, netservice-syncer, netservice-webhook] [] []",
        () -> programsWithPods() + " " + whoLacksPods() + " " + refusals());
  }

  private Set<String> programsWithPods() {
    return cluster.client().pods().inNamespace("netservice-system").list().getItems().stream()
        .map(pod -> pod.getMetadata().getLabels().get("app.kubernetes.io/name"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** ReplicaSets and Jobs, of whichever version of the install, with fewer pods than they want. */
  private List<String> whoLacksPods() {
    var apps = cluster.client().apps().replicaSets().inNamespace("netservice-system").list();
    var jobs = cluster.client().batch().v1().jobs().inNamespace("netservice-system").list();
    return Stream.concat(
            apps.getItems().stream()
                .filter(set -> set.getStatus().getReplicas() < set.getSpec().getReplicas())
                .map(set -> set.getMetadata().getName()),
            jobs.getItems().stream()
                .filter(job -> job.getStatus().getActive() == null)
                .map(job -> job.getMetadata().getName()))
        .toList();
  }

  private List<String> refusals() {
    return cluster
        .client()
        .v1()
        .events()
        .inNamespace("netservice-system")
        .list()
        .getItems()
        .stream()
        .filter(event -> "FailedCreate".equals(event.getReason()))
        .map(event -> event.getInvolvedObject().getName() + ": " + event.getMessage())
        .toList();
  }
}
