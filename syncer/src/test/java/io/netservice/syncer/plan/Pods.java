package io.netservice.syncer.plan;

import io.netservice.network.NetworkStatus;
import io.netservice.network.NetworkStatusParser;
import java.util.ArrayList;
import java.util.List;

/** Builds pods in the fewest words: {@code pod("a").ready().on("networks/core", "10.0.0.1")}. */
final class Pods {

  private final String name;
  private String created = "2026-01-01T00:00:00Z";
  private String hostname = "";
  private String subdomain = "";
  private boolean ready;
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

  Pods ready() {
    ready = true;
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
    created = time;
    return this;
  }

  Pods named(String hostname, String subdomain) {
    this.hostname = hostname;
    this.subdomain = subdomain;
    return this;
  }

  Pods port(String portName, int number) {
    ports.add(new PodView.NamedPort(portName, io.netservice.api.Protocol.TCP, number));
    return this;
  }

  Pods annotated(String text) {
    raw = text;
    return this;
  }

  Pods on(String network, String... ips) {
    return on(network, "net" + (entries.size() + 1), false, ips);
  }

  Pods on(String network, String podInterface, boolean isDefault, String... ips) {
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
        "node",
        hostname,
        subdomain,
        ready,
        terminating,
        finished,
        status,
        ports);
  }
}
