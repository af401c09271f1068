package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may say on which networks a pod is, where deploy/components/network-status-guard is in. */
class NetworkStatusGuardIT {

  private static final String STATUS = "k8s.v1.cni.cncf.io/network-status";
  private static final String OLD_STATUS = "k8s.v1.cni.cncf.io/networks-status";
  private static final String MULTUS = "system:serviceaccount:kube-system:multus";
  private static final String NODE = "system:node:node-1";

  @TempDir private Path folder;

  private Cluster cluster;
  private String namespace;
  private String owner;
  private int pods;

  @BeforeEach
  void install() throws Exception {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("guard");
    owner = "system:serviceaccount:" + namespace + ":owner";
    cluster.kubectl("label", "namespace", namespace, "guarded=yes");
    // Other tests play Multus as an administrator: the policy is bound to these namespaces alone.
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        components: [%s]
        patches:
          - target: {kind: ValidatingAdmissionPolicyBinding}
            patch: |
              - op: add
                path: /spec/matchResources
                value: {namespaceSelector: {matchLabels: {guarded: "yes"}}}
        """
            .formatted(
                folder
                    .toRealPath()
                    .relativize(
                        Path.of("../deploy/components/network-status-guard").toRealPath())));
    cluster.kubectl("apply", "-k", folder.toString());
    // All of them may all that matters here: what is refused, the policy refuses.
    cluster.kubectlWithInput(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: pods, namespace: %1$s}
        rules:
          - apiGroups: [""]
            resources: [pods, pods/status, pods/binding, bindings]
            verbs: ["*"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: pods, namespace: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
        subjects:
          - {kind: ServiceAccount, name: owner, namespace: %1$s}
          - {kind: ServiceAccount, name: multus, namespace: kube-system}
          - {kind: User, name: "%2$s", apiGroup: rbac.authorization.k8s.io}
        """
            .formatted(namespace, NODE),
        "apply",
        "-f",
        "-");
    Await.until("the owner may write pods", () -> create(owner, "note").isEmpty());
    Await.until("the policy is in force", () -> !create(owner, STATUS).isEmpty());
  }

  /** What the API server says to it, empty if it did it. */
  private String as(String user, String input, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "--namespace=" + namespace;
    all[1] = "--as=" + user;
    all[2] = "--as-group=system:authenticated";
    all[3] = "--as-group=" + (user.equals(NODE) ? "system:nodes" : "system:serviceaccounts");
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    try {
      cluster.kubectlWithInput(input, all);
      return "";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  private static String manifest(String name, String annotations) {
    return """
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "%s", "annotations": {%s}},
     "spec": {"containers": [{"name": "a", "image": "a"}]}}
    """
        .formatted(name, annotations);
  }

  private String pod() {
    String name = "pod-" + ++pods;
    cluster.kubectlWithInput(manifest(name, ""), "-n", namespace, "create", "-f", "-");
    return name;
  }

  private String create(String user, String annotation) {
    String name = "pod-" + ++pods;
    return as(user, manifest(name, "\"%s\": \"[]\"".formatted(annotation)), "create", "-f", "-");
  }

  private String annotate(String user, String pod, String annotation, String value) {
    return patch(user, pod, annotation, "\"" + value + "\"");
  }

  private String patch(String user, String pod, String annotation, String json, String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = "patch";
    arguments[1] = "pod";
    arguments[2] = pod;
    arguments[3] = "--type=merge";
    arguments[4] =
        "--patch={\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(annotation, json);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return as(user, "", arguments);
  }

  private String annotateStatus(String user, String pod, String annotation) {
    return patch(user, pod, annotation, "\"[{}]\"", "--subresource=status");
  }

  /** Gives a pod a node, and with it annotations. */
  private String bind(String user, String pod, String annotation) {
    return as(
        user,
        """
        {"apiVersion": "v1", "kind": "Binding",
         "metadata": {"name": "%s", "annotations": {"%s": "[]"}},
         "target": {"apiVersion": "v1", "kind": "Node", "name": "node-1"}}
        """
            .formatted(pod, annotation),
        "create",
        "--raw",
        "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/binding",
        "-f",
        "-");
  }

  private void assertRefused(String user, String annotation, String answer) {
    assertTrue(
        answer.contains("netservice-network-status-guard")
            && answer.contains("annotation " + annotation + ": " + user + " must not write it")
            && answer.toLowerCase(Locale.ROOT).contains("forbidden"),
        answer);
  }

  @Test
  void ownerOfAPodCantSpoof() {
    for (String annotation : new String[] {STATUS, OLD_STATUS}) {
      assertRefused(owner, annotation, create(owner, annotation));
      assertRefused(owner, annotation, annotate(owner, pod(), annotation, "[]"));
      assertRefused(owner, annotation, annotateStatus(owner, pod(), annotation));
      assertRefused(owner, annotation, bind(owner, pod(), annotation));
    }
  }

  @Test
  void ownerCantChangeOrRemoveWhatMultusWrote() {
    String pod = pod();
    assertEquals("", annotateStatus(MULTUS, pod, STATUS));
    assertRefused(owner, STATUS, annotate(owner, pod, STATUS, "[]"));
    assertRefused(owner, STATUS, patch(owner, pod, STATUS, "null"));
  }

  @Test
  void ownerMayAllElse() {
    String pod = pod();
    assertEquals("", annotateStatus(MULTUS, pod, STATUS));
    assertEquals("", annotate(owner, pod, "note", "y"));
    assertEquals("", annotateStatus(owner, pod, "note"));
    assertEquals("", create(owner, "note"));
    assertEquals("", bind(owner, pod, "note"));
    assertEquals("", as(owner, "", "delete", "pod", pod, "--grace-period=0", "--force"));
  }

  @Test
  void multusAndNodesMayWrite() {
    for (String user : new String[] {MULTUS, NODE}) {
      for (String annotation : new String[] {STATUS, OLD_STATUS}) {
        assertEquals("", create(user, annotation));
        assertEquals("", annotate(user, pod(), annotation, "[]"));
        assertEquals("", annotateStatus(user, pod(), annotation));
      }
    }
  }

  @Test
  void parametersNameOthers() {
    String pod = pod();
    parameters(owner, "networks.example.org/status");
    try {
      Await.until(
          "Multus may not write it",
          () -> !create(MULTUS, "networks.example.org/status").isEmpty());
      assertEquals("", annotate(owner, pod, "networks.example.org/status", "[]"));
      assertRefused(
          MULTUS,
          "networks.example.org/status",
          annotate(MULTUS, pod(), "networks.example.org/status", "[]"));
      assertEquals("", annotate(MULTUS, pod, STATUS, "[]"));
    } finally {
      parameters(MULTUS, STATUS + "\\n" + OLD_STATUS);
      Await.until("all is as before", () -> !create(owner, STATUS).isEmpty());
    }
  }

  private void parameters(String users, String annotations) {
    cluster.kubectl(
        "-n",
        "netservice-system",
        "patch",
        "configmap",
        "netservice-network-status-guard",
        "--type=merge",
        "--patch={\"data\":{\"users\":\"%s\",\"annotations\":\"%s\"}}"
            .formatted(users, annotations));
  }
}
