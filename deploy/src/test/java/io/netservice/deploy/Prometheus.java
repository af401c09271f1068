package io.netservice.deploy;

import io.netservice.controlplane.ControlPlane;
import io.netservice.dashboard.PrometheusApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Prometheus on loopback that scrapes programs each second, with the rules of the component. */
final class Prometheus implements AutoCloseable {

  private final JarProcess process;
  private final PrometheusApi api;

  private Prometheus(JarProcess process, PrometheusApi api) {
    this.process = process;
    this.api = api;
  }

  /**
   * Starts it.
   *
   * @param rules a file of rules
   * @param targets host and port of each program, by the name of its pod
   */
  static Prometheus start(ControlPlane controlPlane, Path rules, Map<String, String> targets)
      throws IOException {
    Path folder = Files.createTempDirectory(controlPlane.folder(), "prometheus");
    StringBuilder config =
        new StringBuilder(
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [%s]
            scrape_configs:
            """
                .formatted(rules));
    targets.forEach(
        (pod, address) ->
            config.append(
                """
                - job_name: %1$s
                  static_configs:
                  - targets: ["%2$s"]
                    labels: {namespace: netservice-system, pod: %1$s-0}
                """
                    .formatted(pod, address)));
    Path file = Files.writeString(folder.resolve("prometheus.yaml"), config);
    JarProcess process =
        JarProcess.startCommand(
            "prometheus",
            List.of(
                controlPlane.binaries().resolve("prometheus").toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0"));
    String address = process.awaitLine("\"Listening on\"").replaceAll(".*address=(\\S+).*", "$1");
    process.awaitLine("Server is ready to receive web requests");
    return new Prometheus(process, new PrometheusApi("http://" + address));
  }

  PrometheusApi api() {
    return api;
  }

  String output() {
    return process.output();
  }

  @Override
  public void close() {
    try {
      process.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
