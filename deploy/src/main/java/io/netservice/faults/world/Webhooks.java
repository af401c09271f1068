package io.netservice.faults.world;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.subject.Programs;
import io.netservice.bench.subject.Running;
import io.netservice.bench.subject.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Two webhooks behind one address, as kube-proxy would put them: a new connection goes to one that
 * is ready. Their certificate lies in a folder as kubelet mounts a Secret. One thread at a time.
 */
public final class Webhooks implements AutoCloseable {

  private static final int COUNT = 2;

  /** As in {@code deploy/base}. */
  private static final String DRAIN_DELAY = "5s";

  /** One process. */
  private static final class Instance {
    final Running running;
    final int port;
    final int metricsPort;

    /** Whether new connections go there. */
    volatile boolean isChosen;

    Instance(Running running, int port, int metricsPort) {
      this.running = running;
      this.port = port;
      this.metricsPort = metricsPort;
    }
  }

  private final Programs programs;
  private final Path kubeconfig;
  private final Path folder;
  private final Consumer<String> died;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<SelfSigned> certificates;
  private final Path mounted;
  private final Instance[] instances = new Instance[COUNT];
  private final AtomicInteger turn = new AtomicInteger();
  private final TcpRelay relay = new TcpRelay("webhook-service", this::choose);
  private int starts;
  private int generation;

  Webhooks(Programs programs, Path kubeconfig, Path folder, Consumer<String> died) {
    this.programs = programs;
    this.kubeconfig = kubeconfig;
    this.folder = folder;
    this.died = died;
    try {
      this.certificates =
          List.of(
              SelfSigned.make(Files.createTempDirectory(folder, "tls-a")),
              SelfSigned.make(Files.createTempDirectory(folder, "tls-b")));
      this.mounted = Files.createDirectory(folder.resolve("mounted"));
      mount(certificates.get(0));
      for (String file : List.of("tls.crt", "tls.key")) {
        Files.createSymbolicLink(mounted.resolve(file), Path.of("..data", file));
      }
    } catch (IOException e) {
      throw new BenchException("the webhooks' certificates can't be made: " + e, e);
    }
  }

  /** Starts both and waits until they are ready. */
  void start() throws InterruptedException {
    for (int i = 0; i < COUNT; i++) {
      startInstance(i);
    }
    for (int i = 0; i < COUNT; i++) {
      awaitReady(i);
    }
  }

  /** Has a webhook configuration name them. */
  void configure(ObjectNode configuration) {
    configuration
        .withArray("/webhooks")
        .forEach(
            webhook -> {
              ObjectNode client = (ObjectNode) webhook.path("clientConfig");
              String path = client.at("/service/path").asText();
              client.removeAll();
              client
                  .put("url", "https://127.0.0.1:" + relay.port() + path)
                  .put("caBundle", authorities());
            });
  }

  /** Replaces the certificate as kubelet replaces that of a Secret: all files in one step. */
  public void replaceCertificate() {
    generation++;
    try {
      mount(certificates.get(generation % certificates.size()));
    } catch (IOException e) {
      throw new BenchException("the certificate can't be replaced: " + e, e);
    }
  }

  /**
   * Replaces a webhook as a rolling update does: it is asked to end, and gets no new connections a
   * while after that, when all proxies know.
   *
   * @param lag how long that takes, in milliseconds
   */
  public void roll(int i, int lag) throws InterruptedException {
    Instance old = instances[i];
    old.running.terminate();
    Thread.sleep(lag);
    old.isChosen = false;
    old.running.close();
    startInstance(i);
    awaitReady(i);
  }

  /** Ends both with SIGKILL. */
  public void kill() {
    for (Instance each : instances) {
      each.running.kill();
      each.isChosen = false;
    }
  }

  /** Starts both again and returns at once; they get connections when they are ready. */
  public void startAgain() {
    for (int i = 0; i < COUNT; i++) {
      startInstance(i);
    }
  }

  /** Lets connections go to those that are ready by now, as kubelet's probes would. */
  void look() throws InterruptedException {
    for (Instance each : instances) {
      each.isChosen = each.running.isAlive() && isReady(each);
    }
  }

  /** Waits until both are ready. */
  public void awaitReady() throws InterruptedException {
    for (int i = 0; i < COUNT; i++) {
      awaitReady(i);
    }
  }

  /** The processes, by name. */
  Map<String, Running> processes() {
    Map<String, Running> result = new LinkedHashMap<>();
    for (int i = 0; i < COUNT; i++) {
      result.put("webhook-" + (i + 1), instances[i].running);
    }
    return result;
  }

  public int count() {
    return COUNT;
  }

  @Override
  public void close() {
    for (Instance each : instances) {
      if (each != null) {
        each.running.close();
      }
    }
    relay.close();
  }

  private Optional<Integer> choose() {
    for (int tries = 0; tries < COUNT; tries++) {
      Instance each = instances[Math.floorMod(turn.getAndIncrement(), COUNT)];
      if (each != null && each.isChosen) {
        return Optional.of(each.port);
      }
    }
    return Optional.empty();
  }

  private void startInstance(int i) {
    int port = freePort();
    int metricsPort = freePort();
    starts++;
    instances[i] =
        new Instance(
            Running.start(
                programs
                    .webhook(
                        port, metricsPort, mounted.resolve("tls.crt"), mounted.resolve("tls.key"))
                    .with("--drain-delay", DRAIN_DELAY),
                kubeconfig,
                folder.resolve("webhook-" + i + "-" + starts + ".log"),
                died),
            port,
            metricsPort);
  }

  private void awaitReady(int i) throws InterruptedException {
    Instance each = instances[i];
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!isReady(each)) {
      if (System.nanoTime() > end) {
        throw new BenchException("webhook " + i + " does not become ready: see " + folder);
      }
      Thread.sleep(20);
    }
    each.isChosen = true;
  }

  private boolean isReady(Instance each) throws InterruptedException {
    try {
      return http.send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + each.metricsPort + "/readyz"))
                      .timeout(Duration.ofSeconds(2))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void mount(SelfSigned certificate) throws IOException {
    Path link = mounted.resolve("..data_tmp");
    Files.createSymbolicLink(link, certificate.certificate().getParent());
    Files.move(
        link,
        mounted.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String authorities() {
    List<String> all = new ArrayList<>();
    try {
      for (SelfSigned each : certificates) {
        all.add(Files.readString(each.certificate(), StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      throw new BenchException("the webhooks' certificates can't be read: " + e, e);
    }
    return Base64.getEncoder()
        .encodeToString(String.join("\n", all).getBytes(StandardCharsets.US_ASCII));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchException("no port is free: " + e, e);
    }
  }
}
