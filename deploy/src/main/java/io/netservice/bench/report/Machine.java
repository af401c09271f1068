package io.netservice.bench.report;

import io.netservice.bench.subject.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What it was measured on and with.
 *
 * @param facts names and values in the order of showing
 */
public record Machine(Map<String, String> facts) {

  /**
   * This machine.
   *
   * @param root the repository
   * @param binaries the folder of the control plane's programs
   */
  public static Machine here(Path root, Path binaries, Subject syncer) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processors", Runtime.getRuntime().availableProcessors() + " x " + model());
    facts.put("memory", field("/proc/meminfo", "MemTotal"));
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "NetService", firstLine("git", "-C", root.toString(), "describe", "--always", "--dirty"));
    facts.put("NetService's command", String.join(" ", syncer.command()));
    facts.put("NetService's Java", java(syncer.command().get(0)));
    facts.put("driver's Java", System.getProperty("java.vm.version"));
    for (String program : List.of("kube-apiserver", "kube-controller-manager", "etcd")) {
      facts.put(program, firstLine(binaries.resolve(program).toString(), "--version"));
    }
    return new Machine(facts);
  }

  private static String java(String program) {
    return program.endsWith("java") ? firstLine(program, "-version") : "as the command says";
  }

  private static String model() {
    return field("/proc/cpuinfo", "model name");
  }

  private static String field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String firstLine(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
      return ended ? output.lines().findFirst().orElse("unknown") : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
