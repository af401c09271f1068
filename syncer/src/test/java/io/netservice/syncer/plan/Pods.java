package io.netservice.syncer.plan;

import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatus;
import io.netservice.network.NetworkStatusParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Builds pods in the fewest words: {@code pod("a").ready().on("networks/core", "10.0.0.1")}. */
final class Pods {

  private final String name;
  private long created = seconds("2026-01-01T00:00:00Z");
  private String node = "node";
  private String hostname = "";
  private String subdomain = "";
  private boolean ready;
  private long readySince;
  private boolean terminating;
  private boolean finished;
  private final List<String> entries = new ArrayList<>();
  private String raw;
  private final List<PodView.NamedPort> ports = new ArrayList<>();

  private Pods(String name) {
    this.name = name;
  }

  static Pods pod(String name) {
    return new Pods(name);
  }

  private static long seconds(String time) {
    return Instant.parse(time).getEpochSecond();
  }

  String name() {
    return name;
  }

  Pods ready() {
    ready = true;
    return this;
  }

  /** When readiness last changed. */
  Pods since(String time) {
    readySince = seconds(time);
    return this;
  }

  Pods terminating() {
    terminating = true;
    return this;
  }

  Pods finished() {
    finished = true;
    return this;
  }

  Pods created(String time) {
    created = seconds(time);
    return this;
  }

  /** On that node; on none if empty. */
  Pods node(String name) {
    node = name;
    return this;
  }

  Pods named(String hostname, String subdomain) {
    this.hostname = hostname;
    this.subdomain = subdomain;
    return this;
  }

  Pods port(String portName, int number) {
    return port(portName, "TCP", number);
  }

  Pods port(String portName, String protocol, int number) {
    ports.add(new PodView.NamedPort(portName, Protocol.valueOf(protocol), number));
    return this;
  }

  /** With this text for a network status. */
  Pods annotated(String text) {
    raw = text;
    return this;
  }

  /** On {@code network} with the next interface: net1, net2, ... */
  Pods on(String network, String... ips) {
    return entry(network, "net" + (entries.size() + 1), false, ips);
  }

  /** With {@code network} as its default network. */
  Pods byDefaultOn(String network, String... ips) {
    return entry(network, "eth0", true, ips);
  }

  private Pods entry(String network, String podInterface, boolean isDefault, String... ips) {
    String list = ips.length == 0 ? "" : "\"" + String.join("\",\"", ips) + "\"";
    entries.add(
        "{\"name\":\"%s\",\"interface\":\"%s\",\"default\":%s,\"ips\":[%s]}"
            .formatted(network, podInterface, isDefault, list));
    return this;
  }

  PodView view() {
    String text = raw != null ? raw : entries.isEmpty() ? null : entries.toString();
    NetworkStatus status = NetworkStatusParser.parse(text, "shop");
    return new PodView(
        name,
        "uid-" + name,
        created,
        node,
        hostname,
        subdomain,
        ready,
        readySince,
        terminating,
        finished,
        status,
        ports);
  }
}
