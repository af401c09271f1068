package io.netservice.bench.cluster;

import java.nio.charset.StandardCharsets;

/**
 * The JSON of pods as a Deployment, kubelet and Multus leave them: with what parsers have to skip
 * in life. With the API server's own {@code managedFields} a stored pod has about 6 KB.
 */
public final class PodBodies {

  /** The path of the pods of a namespace is this with the namespace in it. */
  static final String PODS = "/api/v1/namespaces/%s/pods";

  private static final byte[] READY = readiness(true).getBytes(StandardCharsets.UTF_8);
  private static final byte[] NOT_READY = readiness(false).getBytes(StandardCharsets.UTF_8);

  private PodBodies() {}

  /** The merge patch that turns readiness: the same single write for every subject. */
  public static byte[] ready(boolean ready) {
    return ready ? READY : NOT_READY;
  }

  static byte[] pod(Group group, int pod) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s","namespace":"%2$s",
    "generateName":"%3$s-6c8d9f7b5d-",
    "labels":{"app":"%3$s","pod-template-hash":"6c8d9f7b5d"},
    "annotations":{"k8s.v1.cni.cncf.io/networks":"[{\\"name\\":\\"core\\",\\"namespace\\":\\"networks\\",\\"interface\\":\\"net1\\"}]",
    "k8s.v1.cni.cncf.io/network-status":"[{\\n    \\"name\\": \\"cbr0\\",\\n    \\"interface\\": \\"eth0\\",\\n    \\"ips\\": [\\n        \\"%4$s\\"\\n    ],\\n    \\"mac\\": \\"0a:58:0a:10:%6$02x:%7$02x\\",\\n    \\"default\\": true,\\n    \\"dns\\": {},\\n    \\"gateway\\": [\\n        \\"10.16.0.1\\"\\n    ]\\n},{\\n    \\"name\\": \\"networks/core\\",\\n    \\"interface\\": \\"net1\\",\\n    \\"ips\\": [\\n        \\"%5$s\\"\\n    ],\\n    \\"mac\\": \\"d2:78:f2:ea:%6$02x:%7$02x\\",\\n    \\"dns\\": {}\\n}]"},
    "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"%3$s-6c8d9f7b5d",
    "uid":"8f1c0b1e-5d0f-4d5f-9a4e-2a8f0c6f7e11","controller":true,"blockOwnerDeletion":true}]},
    "spec":{"nodeName":"node-%8$d","restartPolicy":"Always","terminationGracePeriodSeconds":30,
    "dnsPolicy":"ClusterFirst","serviceAccountName":"default",
    "securityContext":{"runAsNonRoot":true,"runAsUser":65532,"fsGroup":65532,
    "seccompProfile":{"type":"RuntimeDefault"}},
    "containers":[{"name":"main","image":"registry.example.org/shop/backend:2.31.4",
    "imagePullPolicy":"IfNotPresent",
    "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],
    "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
    "volumeMounts":[{"name":"kube-api-access-x7k2p","mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","readOnly":true}],
    "readinessProbe":{"httpGet":{"path":"/readyz","port":"http","scheme":"HTTP"},"periodSeconds":5},
    "securityContext":{"allowPrivilegeEscalation":false}}],
    "volumes":[{"name":"kube-api-access-x7k2p","projected":{"defaultMode":420,"sources":[
    {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
    {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
    {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}]}}]}}
    """
        .formatted(
            group.podName(pod),
            group.namespace(),
            group.name(),
            Network.DEFAULT.address(pod),
            Network.ADDITIONAL.address(pod),
            pod >> 8 & 255,
            pod & 255,
            pod % Cluster.NODES + 1)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The status that kubelet writes once the containers run. */
  static byte[] status(int pod, boolean ready) {
    return """
    {"status":{"phase":"Running","qosClass":"Burstable","startTime":"2026-11-01T08:00:00Z",
    "hostIP":"192.0.2.%1$d","hostIPs":[{"ip":"192.0.2.%1$d"}],
    "podIP":"%2$s","podIPs":[{"ip":"%2$s"}],
    %3$s,
    "containerStatuses":[{"name":"main","ready":%4$b,"started":true,"restartCount":0,
    "image":"registry.example.org/shop/backend:2.31.4",
    "imageID":"registry.example.org/shop/backend@sha256:6f3c1f7f2f0c8d0a4c9f2a35b1a0d7b7d8c7b9b0a5a1f4e3d2c1b0a9f8e7d6c5",
    "containerID":"containerd://9b0a5a1f4e3d2c1b0a9f8e7d6c56f3c1f7f2f0c8d0a4c9f2a35b1a0d7b7d8c7b",
    "state":{"running":{"startedAt":"2026-11-01T08:00:04Z"}},"lastState":{}}]}}
    """
        .formatted(pod % Cluster.NODES + 11, Network.DEFAULT.address(pod), conditions(ready), ready)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String readiness(boolean ready) {
    return "{\"status\":{" + conditions(ready).replace("\n", "") + "}}";
  }

  private static String conditions(boolean ready) {
    return """
    "conditions":[
    {"type":"PodReadyToStartContainers","status":"True","lastTransitionTime":"2026-11-01T08:00:04Z"},
    {"type":"Initialized","status":"True","lastTransitionTime":"2026-11-01T08:00:00Z"},
    {"type":"Ready","status":"%1$s","lastTransitionTime":"2026-11-01T08:00:0%2$dZ"%3$s},
    {"type":"ContainersReady","status":"%1$s","lastTransitionTime":"2026-11-01T08:00:0%2$dZ"%3$s},
    {"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-01T08:00:00Z"}]"""
        .formatted(
            ready ? "True" : "False",
            ready ? 7 : 9,
            ready
                ? ""
                : ",\"reason\":\"ContainersNotReady\",\"message\":\"containers with unready status:"
                    + " [main]\"");
  }
}
