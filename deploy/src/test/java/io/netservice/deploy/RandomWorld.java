package io.netservice.deploy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.netservice.deploy.PodAddresses.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Pods, nodes and pairs of Services in one namespace, and random changes of them. Every choice
 * follows from the seed and from the choices before, never from what the API server answers, so
 * that a seed gives the same sequence again.
 *
 * <p>It never makes what DESIGN 4 means to be different: two pods with one address, several
 * addresses of a family, a sandbox being remade. Nor a pod without a Node object, which the
 * endpointslice controller leaves out because it expects the pod to be collected.
 */
final class RandomWorld {

  private static final int MOST_PODS = 40;
  private static final int NODES = 3;
  private static final List<String> APPS = List.of("a", "b");
  private static final List<String> TIERS = List.of("front", "back");
  private static final List<Set<Family>> FAMILIES =
      List.of(
          Set.of(Family.values()),
          Set.of(Family.values()),
          Set.of(Family.IPV4),
          Set.of(Family.IPV6));

  /** The fence's addresses are above those of all others. */
  private static final int FENCE_ADDRESSES = 60_000;

  private final KubernetesClient client;
  private final String namespace;
  private final TestPods api;
  private final Random random;
  private final List<ServicePair> pairs;
  private final Map<ServicePair, Map<String, String>> selectors = new HashMap<>();
  private final Map<String, Pod> pods = new TreeMap<>();
  private final List<String> formerNames = new ArrayList<>();
  private final List<Integer> formerAddresses = new ArrayList<>();
  private int namesGiven;
  private int addressesGiven;
  private int fences;

  /** What was last done to a pod. */
  private static final class Pod {
    final String name;
    final String hostname;
    final String subdomain;
    PodAddresses addresses;
    String app;
    boolean ready;
    boolean terminating;
    boolean finished;

    Pod(String name, String hostname, String subdomain) {
      this.name = name;
      this.hostname = hostname;
      this.subdomain = subdomain;
    }
  }

  RandomWorld(KubernetesClient client, String namespace, long seed) {
    this.client = client;
    this.namespace = namespace;
    this.api = new TestPods(client, namespace);
    this.random = new Random(seed);
    for (int i = 0; i < NODES; i++) {
      api.node(node(i), "zone-" + i);
    }
    this.pairs =
        List.of(ServicePair.headless(client, namespace), ServicePair.clusterIp(client, namespace));
    pairs.forEach(pair -> selectors.put(pair, Map.of("app", "a")));
  }

  List<ServicePair> pairs() {
    return pairs;
  }

  /** The hostname that {@code pod} should have under Service {@code service}, empty for none. */
  String hostname(String pod, String service) {
    Pod known = pods.get(pod);
    return known != null && known.subdomain.equals(service) ? known.hostname : "";
  }

  /** Changes one thing and tells what. */
  String mutate() {
    int dice = random.nextInt(100);
    if (pods.size() < 4 || (dice < 24 && pods.size() < MOST_PODS)) {
      return createPod();
    } else if (dice < 34) {
      return withPod(pod -> true, this::remove);
    } else if (dice < 50) {
      return withPod(pod -> !pod.finished && pod.addresses != null, this::flipReadiness);
    } else if (dice < 58) {
      return withPod(pod -> !pod.terminating && !pod.finished, this::terminate);
    } else if (dice < 65) {
      return withPod(pod -> !pod.finished, this::finish);
    } else if (dice < 75) {
      return withPod(pod -> true, this::relabel);
    } else if (dice < 81) {
      return withPod(pod -> !pod.finished, this::address);
    } else if (dice < 86) {
      return changeZone();
    } else if (dice < 90) {
      return publishNotReady();
    } else if (dice < 95) {
      return changeSelector();
    }
    return changePorts();
  }

  /**
   * Gives a pod of each pair's selection an address it never had: once that is published, all
   * earlier events of pods have been seen, and finding both sides equal means something.
   *
   * @return that address on the default network, for each pair
   */
  Map<ServicePair, String> fence() {
    Map<String, String> addresses = new HashMap<>();
    for (String app : APPS) {
      PodAddresses next = PodAddresses.dualStack(FENCE_ADDRESSES + fences++ % 4000);
      String name = "fence-" + app;
      if (fences <= APPS.size()) {
        String tier = TIERS.get(APPS.indexOf(app));
        var fence = api.make(name).label("app", app).label("tier", tier).on(node(0));
        fence.port("web", 8080, "TCP").create();
      }
      give(name, next);
      addresses.put(app, next.byDefault().get(0));
    }
    Map<ServicePair, String> result = new HashMap<>();
    // Who selects by tier selects the first fence.
    selectors.forEach(
        (pair, selector) -> result.put(pair, addresses.get(selector.getOrDefault("app", "a"))));
    return result;
  }

  /** Removes what lies outside of the namespace. */
  void close() {
    for (int i = 0; i < NODES; i++) {
      client.nodes().withName(node(i)).delete();
    }
  }

  private String createPod() {
    String name =
        !formerNames.isEmpty() && random.nextInt(3) == 0
            ? formerNames.remove(random.nextInt(formerNames.size()))
            : "pod-" + namesGiven++;
    String hostname = random.nextBoolean() ? "host-" + random.nextInt(50) : "";
    String subdomain = hostname.isEmpty() ? "" : pick(subdomains());
    Pod pod = new Pod(name, hostname, subdomain);
    pod.app = pick(APPS);
    String tier = pick(TIERS);
    String node = node(random.nextInt(NODES));
    TestPods.NewPod made = api.make(name).label("app", pod.app).label("tier", tier).on(node);
    if (!hostname.isEmpty()) {
      made.hostname(hostname, subdomain);
    }
    String ports = containerPorts(made);
    made.create();
    pods.put(name, pod);
    String told =
        "create %s app=%s tier=%s node=%s hostname=%s.%s %s"
            .formatted(name, pod.app, tier, node, hostname, subdomain, ports);
    if (random.nextInt(8) > 0) {
      told += ", " + address(pod);
      if (random.nextInt(4) > 0) {
        told += ", " + flipReadiness(pod);
      }
    }
    return told;
  }

  private List<String> subdomains() {
    List<String> names = new ArrayList<>(List.of("elsewhere", ""));
    pairs.forEach(pair -> names.addAll(List.of(pair.ordinary(), pair.network())));
    return names;
  }

  private String containerPorts(TestPods.NewPod pod) {
    switch (random.nextInt(6)) {
      case 0 -> {
        return "without ports";
      }
      case 1 -> {
        pod.port("web", 8081, "TCP").port("dns", 5353, "UDP");
        return "web=8081 dns=5353/UDP";
      }
      case 2 -> {
        pod.sidecarPort("web", 8082, "TCP");
        return "web=8082 in a sidecar";
      }
      case 3 -> {
        pod.port("web", 8083, "UDP");
        return "web=8083/UDP";
      }
      default -> {
        pod.port("web", 8080, "TCP");
        return "web=8080";
      }
    }
  }

  private String remove(Pod pod) {
    api.delete(pod.name);
    pods.remove(pod.name);
    formerNames.add(pod.name);
    release(pod);
    return "remove " + pod.name;
  }

  private String flipReadiness(Pod pod) {
    pod.ready = !pod.ready;
    api.ready(pod.name, pod.ready);
    return pod.name + (pod.ready ? " is ready" : " is not ready");
  }

  private String terminate(Pod pod) {
    api.terminate(pod.name);
    pod.terminating = true;
    return "terminate " + pod.name;
  }

  private String finish(Pod pod) {
    String phase = random.nextBoolean() ? "Succeeded" : "Failed";
    api.finish(pod.name, phase);
    pod.ready = false;
    pod.finished = true;
    release(pod);
    return pod.name + " " + phase;
  }

  private String relabel(Pod pod) {
    pod.app = APPS.get((APPS.indexOf(pod.app) + 1) % APPS.size());
    api.label(pod.name, "app", pod.app);
    return pod.name + " app=" + pod.app;
  }

  private String address(Pod pod) {
    release(pod);
    int number =
        formerAddresses.size() > 3
            ? formerAddresses.remove(random.nextInt(formerAddresses.size()))
            : addressesGiven++ % FENCE_ADDRESSES;
    pod.addresses = new PodAddresses(number, pick(FAMILIES));
    give(pod.name, pod.addresses);
    return pod.name + " has " + pod.addresses.byDefault();
  }

  private void release(Pod pod) {
    if (pod.addresses != null) {
      formerAddresses.add(pod.addresses.number());
      pod.addresses = null;
    }
  }

  private void give(String pod, PodAddresses addresses) {
    api.attach(pod, namespace + "/" + ServicePair.NETWORK, addresses);
  }

  private String changeZone() {
    String node = node(random.nextInt(NODES));
    String zone = random.nextInt(4) == 0 ? null : "zone-" + random.nextInt(100);
    api.zone(node, zone);
    return node + " is in zone " + zone;
  }

  private String publishNotReady() {
    ServicePair pair = pick(pairs);
    boolean publish = random.nextBoolean();
    pair.publishNotReadyAddresses(publish);
    return pair.network() + " publishNotReadyAddresses=" + publish;
  }

  private String changeSelector() {
    ServicePair pair = pick(pairs);
    Map<String, String> selector =
        pick(List.of(Map.of("app", "a"), Map.of("app", "b"), Map.of("tier", "front")));
    pair.select(selector);
    selectors.put(pair, selector);
    return pair.network() + " selects " + selector;
  }

  private String changePorts() {
    ServicePair pair = pick(pairs);
    Map<String, Object> web = Map.of("name", "web", "port", 80, "targetPort", "web");
    List<List<Map<String, Object>>> choices =
        new ArrayList<>(
            List.of(
                List.of(web),
                List.of(
                    web, Map.of("name", "dns", "port", 53, "protocol", "UDP", "targetPort", "dns")),
                List.of(Map.of("port", 7000, "appProtocol", "kubernetes.io/h2c")),
                List.of(web, Map.of("name", "fixed", "port", 9000, "targetPort", 9001))));
    if (pair.mayBeWithoutPorts()) {
      choices.add(List.of());
    }
    List<Map<String, Object>> ports = pick(choices);
    pair.ports(ports);
    return pair.network() + " ports " + ports;
  }

  private String withPod(Predicate<Pod> which, java.util.function.Function<Pod, String> change) {
    List<Pod> fitting = pods.values().stream().filter(which).toList();
    return fitting.isEmpty() ? createPod() : change.apply(pick(fitting));
  }

  private String node(int number) {
    return namespace + "-node-" + number;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
