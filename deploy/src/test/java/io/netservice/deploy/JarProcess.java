package io.netservice.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One of the programs, run from its jar as a person would; ended with this JVM at the latest. */
final class JarProcess {

  /** A third of what Kubernetes grants before it kills: a busy machine takes its time. */
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  private static final HttpClient PAGES = HttpClient.newHttpClient();

  private final Process process;
  private final String name;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  /** What it must not say; guarded by the lines. */
  private List<String> deadly = List.of();

  private JarProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = new Thread(this::read, name + "-output");
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  static JarProcess start(String module, String... arguments) throws IOException {
    return startFrom(Path.of(".."), module, arguments);
  }

  /** The same of another checkout, which has been built. */
  static JarProcess startFrom(Path checkout, String module, String... arguments)
      throws IOException {
    Path jar =
        checkout
            .resolve(Path.of(module, "target", "netservice-" + module + ".jar"))
            .toAbsolutePath()
            .normalize();
    if (!Files.exists(jar)) {
      throw new IOException(jar + " is missing: run mvn package first");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path options = jar.resolveSibling("jvm.options");
    command.addAll(
        Files.exists(options) ? List.of("@" + options) : List.of("-Xmx128m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return startCommand(module, command);
  }

  /** The webhook on loopback, on ports that the kernel picks. */
  static JarProcess startWebhook(Path kubeconfig, Path certificate, Path key, String... options)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig",
                kubeconfig.toString(),
                "--bind-address",
                "127.0.0.1",
                "--port",
                "0",
                "--metrics-port",
                "0",
                "--tls-cert",
                certificate.toString(),
                "--tls-key",
                key.toString()));
    arguments.addAll(List.of(options));
    return start("webhook", arguments.toArray(String[]::new));
  }

  /** Another program, for what the tests need beside ours. */
  static JarProcess startCommand(String name, List<String> command) throws IOException {
    return new JarProcess(name, new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(line);
          killIfDeadly(line);
        }
      }
    } catch (IOException e) {
      synchronized (lines) {
        lines.add("(output ended: " + e.getMessage() + ")");
      }
    }
  }

  /** All lines so far. */
  String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** Waits for a line that contains {@code text}. */
  String awaitLine(String text) {
    Await.until(
        name + " says '" + text + "'",
        () -> {
          if (line(text).isEmpty() && !process.isAlive()) {
            throw new AssertionError(name + " ended: " + output());
          }
          return line(text).isPresent();
        });
    return line(text).orElseThrow();
  }

  /**
   * Kills it when it says one of these, at once: who looks now and then sees it some steps later.
   */
  void killWhenItSays(String... texts) throws InterruptedException {
    synchronized (lines) {
      deadly = List.of(texts);
      lines.forEach(this::killIfDeadly);
    }
    awaitEnd();
    if (deadly.stream().allMatch(text -> line(text).isEmpty())) {
      throw new AssertionError(name + " ended: " + output());
    }
  }

  private void killIfDeadly(String line) {
    if (deadly.stream().anyMatch(line::contains)) {
      process.destroyForcibly();
    }
  }

  private Optional<String> line(String text) {
    synchronized (lines) {
      return lines.stream().filter(line -> line.contains(text)).findFirst();
    }
  }

  /** Waits for the end, which must be a good one, and gives what was printed. */
  String awaitSuccess() throws InterruptedException {
    int code = awaitEnd();
    if (code != 0) {
      throw new AssertionError(name + " ended with " + code + ": " + output());
    }
    return output();
  }

  /** Waits for the end and gives its exit code. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
      throw new AssertionError(name + " does not end: " + output());
    }
    reader.join();
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Stops it where it is, as if its machine hung. */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Lets what is frozen go on. */
  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
    if (code != 0) {
      throw new IOException("kill " + signal + " ended with " + code);
    }
  }

  /**
   * A number that the kernel knows of it, by its name in {@code /proc/PID/status}; kB for sizes.
   */
  long kernel(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow(() -> new IOException(name + " has no " + field + ": it has ended"));
  }

  /** Host and port of its health and metrics. */
  String statusAddress() {
    return awaitLine("serving health and metrics on ").replaceAll(".* on ", "");
  }

  /** The page {@code path} of its health and metrics, without regard to the status code. */
  String page(String path) {
    try {
      return PAGES
          .send(
              HttpRequest.newBuilder(URI.create("http://" + statusAddress() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The sum of all that a metric shows, by its name or its name and first labels. */
  double metric(String metric) {
    // The client writes a comma behind the last label.
    String labelled = metric.endsWith("}") ? metric.replaceFirst("}$", ",") : metric + "{";
    return page("/metrics")
        .lines()
        .filter(line -> line.startsWith(labelled) || line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * Asks it to stop, with SIGTERM, and gives its exit code.
   *
   * @throws AssertionError if it does not end within the bound; it is killed then
   */
  int stop() throws InterruptedException {
    askToStop();
    return awaitStop();
  }

  /** Asks it to stop, with SIGTERM, and does not wait. */
  void askToStop() {
    // The process's own destroy() would close the pipe of what it says in the end.
    process.toHandle().destroy();
  }

  /** Waits for the end of what was asked to stop, and gives its exit code. */
  int awaitStop() throws InterruptedException {
    if (!process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new AssertionError(
          "%s does not stop within %d s: %s".formatted(name, STOP_BOUND.toSeconds(), output()));
    }
    reader.join();
    return process.exitValue();
  }
}
