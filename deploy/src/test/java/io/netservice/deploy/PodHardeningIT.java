package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pods of the install may, and who may reach them, as the API server has it. */
class PodHardeningIT {

  private static final String SYSTEM = "netservice-system";

  private Cluster cluster;

  @BeforeEach
  void start() {
    cluster = Cluster.get();
  }

  /** The pods of Deployments, Jobs and CronJobs by the name of what makes them. */
  private Map<String, PodSpec> pods() {
    Map<String, PodSpec> pods = new TreeMap<>();
    cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(SYSTEM)
        .list()
        .getItems()
        .forEach(
            each ->
                pods.put(
                    "Deployment " + each.getMetadata().getName(),
                    each.getSpec().getTemplate().getSpec()));
    cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(SYSTEM)
        .list()
        .getItems()
        .forEach(
            each ->
                pods.put(
                    "Job " + each.getMetadata().getName(), each.getSpec().getTemplate().getSpec()));
    cluster
        .client()
        .batch()
        .v1()
        .cronjobs()
        .inNamespace(SYSTEM)
        .list()
        .getItems()
        .forEach(
            each ->
                pods.put(
                    "CronJob " + each.getMetadata().getName(),
                    each.getSpec().getJobTemplate().getSpec().getTemplate().getSpec()));
    return pods;
  }

  @Test
  void podsMayAsLittleAsTheyCan() {
    Map<String, PodSpec> pods = pods();
    assertEquals(
        Set.of("CronJob", "Deployment", "Job"),
        pods.keySet().stream().map(name -> name.split(" ", 2)[0]).collect(Collectors.toSet()));
    Map<String, List<String>> wrong = new TreeMap<>();
    pods.forEach(
        (name, pod) -> {
          List<String> lacks = lacks(pod, name.startsWith("Deployment"));
          if (!lacks.isEmpty()) {
            wrong.put(name, lacks);
          }
        });
    assertEquals(Map.of(), wrong);
  }

  private static List<String> lacks(PodSpec pod, boolean serves) {
    List<String> lacks = new ArrayList<>();
    require(lacks, "non-root", Boolean.TRUE.equals(pod.getSecurityContext().getRunAsNonRoot()));
    require(
        lacks,
        "seccomp",
        "RuntimeDefault".equals(pod.getSecurityContext().getSeccompProfile().getType()));
    require(lacks, "no service links", Boolean.FALSE.equals(pod.getEnableServiceLinks()));
    require(lacks, "priority class", "system-cluster-critical".equals(pod.getPriorityClassName()));
    require(
        lacks,
        "a token of its own, which it uses",
        Boolean.TRUE.equals(pod.getAutomountServiceAccountToken())
            && pod.getServiceAccountName().startsWith("netservice-"));
    require(
        lacks,
        "nothing of the node",
        !Boolean.TRUE.equals(pod.getHostNetwork())
            && !Boolean.TRUE.equals(pod.getHostPID())
            && pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null));
    for (Container container : pod.getContainers()) {
      SecurityContext context = container.getSecurityContext();
      require(lacks, "no escalation", Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()));
      require(lacks, "read-only root", Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()));
      require(lacks, "no capabilities", List.of("ALL").equals(context.getCapabilities().getDrop()));
      require(
          lacks,
          "requests of processor and memory",
          container.getResources().getRequests().keySet().containsAll(Set.of("cpu", "memory")));
      require(lacks, "limit of memory", container.getResources().getLimits().containsKey("memory"));
      require(
          lacks,
          "probes",
          !serves
              || (container.getReadinessProbe() != null && container.getLivenessProbe() != null));
    }
    return lacks;
  }

  private static void require(List<String> lacks, String what, boolean isThere) {
    if (!isThere) {
      lacks.add(what);
    }
  }

  /** A token is mounted where a pod says so, and nowhere else. */
  @Test
  void accountsGiveTheirTokensToNobodyUnasked() {
    cluster.client().serviceAccounts().inNamespace(SYSTEM).list().getItems().stream()
        .filter(account -> !account.getMetadata().getName().equals("default"))
        .forEach(
            account ->
                assertEquals(
                    false,
                    account.getAutomountServiceAccountToken(),
                    account.getMetadata().getName()));
  }

  /** Who may reach whom: a line for each policy and direction. */
  @Test
  void nothingGoesInOrOutThatIsNotNamed() {
    Set<String> allowed = new TreeSet<>();
    for (NetworkPolicy policy :
        cluster.client().network().v1().networkPolicies().inNamespace(SYSTEM).list().getItems()) {
      allowed.addAll(lines(policy));
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "Egress of all: none",
                "Egress of all: TCP/443 TCP/6443",
                "Ingress of all: none",
                "Ingress of {app.kubernetes.io/name=netservice-webhook}: TCP/https")),
        allowed);
  }

  private static List<String> lines(NetworkPolicy policy) {
    Map<String, String> selector = policy.getSpec().getPodSelector().getMatchLabels();
    String of = selector == null || selector.isEmpty() ? "all" : selector.toString();
    return policy.getSpec().getPolicyTypes().stream()
        .map(
            type -> {
              Stream<NetworkPolicyPort> ports =
                  type.equals("Egress")
                      ? policy.getSpec().getEgress().stream().flatMap(e -> e.getPorts().stream())
                      : policy.getSpec().getIngress().stream().flatMap(i -> i.getPorts().stream());
              String named =
                  ports
                      .map(port -> port.getProtocol() + "/" + port(port))
                      .collect(Collectors.joining(" "));
              return type + " of " + of + ": " + (named.isEmpty() ? "none" : named);
            })
        .toList();
  }

  private static Object port(NetworkPolicyPort port) {
    return port.getPort().getStrVal() != null
        ? port.getPort().getStrVal()
        : port.getPort().getIntVal();
  }

  @Test
  void namespaceRefusesPodsThatMayMore() {
    Map<String, String> labels =
        cluster.client().namespaces().withName(SYSTEM).get().getMetadata().getLabels();
    assertEquals("restricted", labels.get("pod-security.kubernetes.io/enforce"));
    String more =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: more, namespace: netservice-system}
        spec:
          hostNetwork: true
          containers:
            - {name: a, image: a}
        """;
    String answer = "";
    try {
      cluster.kubectlWithInput(more, "create", "--dry-run=server", "-f", "-");
    } catch (IllegalStateException e) {
      answer = e.getMessage();
    }
    assertEquals(true, answer.contains("violates PodSecurity \"restricted"), answer);
  }
}
