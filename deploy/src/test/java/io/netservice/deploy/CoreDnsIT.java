package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What real CoreDNS answers for NetServices, against ordinary Services of the same pods. */
class CoreDnsIT {

  private Cluster cluster;
  private Dns dns;
  private String namespace;
  private String node;
  private TestPods pods;

  /** All that were made, for questions after their names. */
  private final List<PodAddresses> asked = new ArrayList<>();

  @BeforeEach
  void newNamespace() throws Exception {
    cluster = Cluster.get();
    dns = cluster.dns();
    namespace = cluster.newNamespace("dns");
    pods = new TestPods(cluster.client(), namespace);
    node = namespace + "-node";
    pods.node(node, "a");
  }

  @Test
  void headlessNamesAreAnsweredAsAnOrdinaryServicesAndFollowThePods() {
    ServicePair pair = ServicePair.headless(cluster.client(), namespace);
    ready("one", 0);
    ready("two", 1);
    awaitSameAnswers(pair, "10.200.0.1", "10.200.0.2");
    pods.ready("one", false);
    awaitSameAnswers(pair, "10.200.0.2");
    ready("three", 2);
    awaitSameAnswers(pair, "10.200.0.2", "10.200.0.3");
    pods.delete("two");
    awaitSameAnswers(pair, "10.200.0.3");
    pair.publishNotReadyAddresses(true);
    awaitSameAnswers(pair, "10.200.0.1", "10.200.0.3");
    pods.terminate("three");
    awaitSameAnswers(pair, "10.200.0.1", "10.200.0.3");
    pair.publishNotReadyAddresses(false);
    // Nobody is ready: CoreDNS does not know a headless name without any endpoint.
    awaitSameAnswers(pair, "no such name");
  }

  @Test
  void clusterIpNamesAreAnsweredAsAnOrdinaryServices() {
    ServicePair pair = ServicePair.clusterIp(cluster.client(), namespace);
    ready("one", 0);
    Service service = new Published(cluster.client(), namespace, pair.ordinary()).service();
    assertEquals(2, service.getSpec().getClusterIPs().size());
    awaitSameAnswers(pair, "cluster address");
  }

  @Test
  void namedPodIsFoundUnderTheServiceThatItsSubdomainNames() {
    ServicePair pair = ServicePair.headless(cluster.client(), namespace);
    named("of-ordinary", pair.ordinary(), 0);
    named("of-network", pair.network(), 1);
    String ordinary = pair.ordinary();
    String network = pair.network();
    awaitAnswer("A", "db-0." + ordinary, "10.1.0.1");
    awaitAnswer("AAAA", "db-0." + ordinary, "fd00:1::1");
    awaitAnswer("A", "db-0." + network, "10.200.0.2");
    awaitAnswer("AAAA", "db-0." + network, "fd00:200::2");
    awaitAnswer(
        "SRV",
        "_web._tcp." + ordinary,
        srv("db-0", ordinary),
        srv("10-1-0-2", ordinary),
        srv("fd00-1--2", ordinary));
    awaitAnswer(
        "SRV",
        "_web._tcp." + network,
        srv("db-0", network),
        srv("10-200-0-1", network),
        srv("fd00-200--1", network));
    pods.delete("of-network");
    awaitAnswer("A", "db-0." + network, "no such name");
  }

  private void ready(String name, int number) {
    pods.make(name).label("app", "a").port("web", 8080, "TCP").on(node).create();
    awaken(name, number);
  }

  private void named(String name, String subdomain, int number) {
    pods.make(name)
        .label("app", "a")
        .port("web", 8080, "TCP")
        .on(node)
        .hostname("db-0", subdomain)
        .create();
    awaken(name, number);
  }

  private void awaken(String name, int number) {
    PodAddresses addresses = PodAddresses.dualStack(number);
    pods.attach(name, namespace + "/" + ServicePair.NETWORK, addresses);
    pods.ready(name, true);
    asked.add(addresses);
  }

  /** Waits until both have the same answers, and the NetService's name these IPv4 addresses. */
  private void awaitSameAnswers(ServicePair pair, String... ipv4) {
    Await.equal(
        "A of " + pair.network(),
        Set.of(ipv4),
        () -> answers(pair.network(), PodAddresses::corresponding).get("A"));
    Await.equal(
        "the difference",
        "",
        () -> {
          var ordinary = answers(pair.ordinary(), UnaryOperator.identity());
          var network = answers(pair.network(), PodAddresses::corresponding);
          return ordinary.equals(network) ? "" : ordinary + "\nbut the NetService's\n" + network;
        });
  }

  /**
   * All answers about a Service by question, in words that are the same for both: the Service is
   * {@code service}, its own addresses are {@code cluster address}, and a pod goes by its address
   * on the network.
   *
   * @param published gives the address that this Service has for a pod's default address
   */
  private Map<String, Set<String>> answers(String service, UnaryOperator<String> published) {
    Map<String, String> words = new HashMap<>();
    words.put(service, "service");
    new Published(cluster.client(), namespace, service)
        .service()
        .getSpec()
        .getClusterIPs()
        .forEach(ip -> words.put(ip, "cluster address"));
    Map<String, Set<String>> answers = new TreeMap<>();
    answers.put("A", dns.ask("A", service + "." + namespace));
    answers.put("AAAA", dns.ask("AAAA", service + "." + namespace));
    answers.put("SRV web", dns.ask("SRV", "_web._tcp." + service + "." + namespace));
    answers.put("SRV other", dns.ask("SRV", "_other._tcp." + service + "." + namespace));
    for (PodAddresses pod : asked) {
      for (String byDefault : pod.byDefault()) {
        String own = published.apply(byDefault);
        String common = PodAddresses.corresponding(byDefault);
        words.put(own, common);
        words.put(dashed(own), dashed(common));
        String type = own.indexOf(':') < 0 ? "A" : "AAAA";
        answers.put(
            type + " " + dashed(common),
            dns.ask(type, dashed(own) + "." + service + "." + namespace));
      }
    }
    answers.replaceAll(
        (question, given) ->
            given.stream()
                .map(answer -> inWords(answer, words))
                .collect(Collectors.toCollection(TreeSet::new)));
    return answers;
  }

  /** Translates an answer that is an address, or the labels of the name that it holds. */
  private static String inWords(String answer, Map<String, String> words) {
    if (words.containsKey(answer)) {
      return words.get(answer);
    }
    return Arrays.stream(answer.split("(?<=[ .])|(?=[ .])", -1))
        .map(label -> words.getOrDefault(label, label))
        .collect(Collectors.joining());
  }

  /** The name of an endpoint without a hostname. */
  private static String dashed(String address) {
    return address.replaceAll("[.:]", "-");
  }

  private void awaitAnswer(String type, String name, String... expected) {
    Await.equal(
        type + " of " + name, Set.of(expected), () -> dns.ask(type, name + "." + namespace));
  }

  private String srv(String pod, String service) {
    return "0 25 8080 %s.%s.%s.svc.cluster.local.".formatted(pod, service, namespace);
  }
}
