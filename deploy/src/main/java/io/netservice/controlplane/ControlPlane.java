package io.netservice.controlplane;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A real Kubernetes control plane on loopback, for the demo, the integration tests and the
 * benchmarks: etcd and kube-apiserver, and where asked for kube-controller-manager, kube-scheduler
 * and kwok, which plays the kubelets and Multus.
 *
 * <p>It needs the JDK alone, so that it is a class for tests ({@link #start}) as well as a program
 * for the source launcher ({@code deploy/controlplane/run}). The binaries come from {@code
 * deploy/controlplane/build}. Everything listens on loopback ports that the kernel picked or on
 * Unix sockets, and everything it writes lies in one temporary folder, which {@link #close}
 * removes. No component outlives this JVM, not even when that is killed with SIGKILL.
 *
 * <p>All methods may be called from any thread.
 */
public final class ControlPlane implements AutoCloseable {

  /**
   * How long a component may take to become ready. It takes seconds; a busy machine takes longer.
   */
  private static final Duration START_BOUND = Duration.ofMinutes(2);

  /** How long a component may take to end after SIGTERM before it gets SIGKILL. */
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  /** How often a start is tried again because somebody else took a port before it was bound. */
  private static final int START_ATTEMPTS = 5;

  /** How many lines of what a program told go into an exception. */
  private static final int LAST_LINES = 15;

  private static final String SERVICE_CIDRS = "10.96.0.0/16,fd00:96::/112";

  /**
   * Pod addresses come from here; the Stages of kwok.yaml count on a pod's third octet under 64.
   */
  private static final String POD_CIDR = "10.244.0.0/18";

  private final Options options;
  private final Path home;
  private final Path binaries;
  private final Path folder;
  private final Path kubeconfig;
  private final String server;
  private final String token;
  private final Map<Part, Component> components = new EnumMap<>(Part.class);
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Thread hook = new Thread(this::close, "control-plane-close");

  /** A process of the control plane, in the order of starting; stopping goes the other way. */
  public enum Part {
    ETCD,
    KUBE_APISERVER,
    KUBE_CONTROLLER_MANAGER,
    KUBE_SCHEDULER,
    KWOK;

    /** The name of the program, such as {@code kube-apiserver}. */
    public String binary() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The part whose program has this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Part of(String binary) {
      return Arrays.stream(values())
          .filter(part -> part.binary().equals(binary))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "'%s' is no part of the control plane: it has %s"
                          .formatted(
                              binary,
                              Arrays.stream(values())
                                  .map(Part::binary)
                                  .collect(Collectors.joining(", ")))));
    }
  }

  /**
   * What to start and how.
   *
   * @param parts the processes to run; etcd and kube-apiserver always are
   * @param controllers what kube-controller-manager runs, as its {@code --controllers} ({@code *}:
   *     all that a cluster has)
   * @param flags flags to add to those of a part; of two equal ones the later, added one counts
   * @param nodes how many Nodes to make for kwok to play, at most 64, spread over three zones; none
   *     without kwok
   * @param binaries further programs that {@code build} shall provide, such as {@code coredns}
   * @param progress told, in lines for a person, what is being started or waited for
   */
  public record Options(
      Set<Part> parts,
      List<String> controllers,
      Map<Part, List<String>> flags,
      int nodes,
      List<String> binaries,
      Consumer<String> progress) {

    public Options {
      EnumSet<Part> all = EnumSet.of(Part.ETCD, Part.KUBE_APISERVER);
      all.addAll(parts);
      parts = Set.copyOf(all);
      controllers = List.copyOf(controllers);
      flags = Map.copyOf(flags);
      binaries = List.copyOf(binaries);
      if (nodes < 0 || nodes > 64) {
        throw new IllegalArgumentException("nodes is %d: 0 to 64 are possible".formatted(nodes));
      }
    }

    /** etcd, kube-apiserver and kube-controller-manager with all controllers; tells no progress. */
    public static Options defaults() {
      return new Options(
          Set.of(Part.KUBE_CONTROLLER_MANAGER), List.of("*"), Map.of(), 3, List.of(), line -> {});
    }

    /** Runs these parts, beside etcd and kube-apiserver, and no others. */
    public Options parts(Part... chosen) {
      return new Options(Set.of(chosen), controllers, flags, nodes, binaries, progress);
    }

    /** Runs these parts too. */
    public Options with(Part... added) {
      Set<Part> all =
          Stream.concat(parts.stream(), Arrays.stream(added)).collect(Collectors.toSet());
      return new Options(all, controllers, flags, nodes, binaries, progress);
    }

    /** Has kube-controller-manager run these controllers alone. */
    public Options controllers(String... chosen) {
      return new Options(parts, List.of(chosen), flags, nodes, binaries, progress);
    }

    /** Adds flags to those of a part. */
    public Options flags(Part part, String... added) {
      Map<Part, List<String>> all = new EnumMap<>(Part.class);
      all.putAll(flags);
      all.merge(
          part,
          List.of(added),
          (old, more) -> Stream.concat(old.stream(), more.stream()).collect(Collectors.toList()));
      return new Options(parts, controllers, all, nodes, binaries, progress);
    }

    /** Makes that many Nodes for kwok. */
    public Options nodes(int count) {
      return new Options(parts, controllers, flags, count, binaries, progress);
    }

    /** Has {@code build} provide these programs too; they are not started. */
    public Options binaries(String... added) {
      List<String> all =
          Stream.concat(binaries.stream(), Arrays.stream(added)).collect(Collectors.toList());
      return new Options(parts, controllers, flags, nodes, all, progress);
    }

    /** Tells progress to this consumer, for instance {@code System.err::println}. */
    public Options progress(Consumer<String> consumer) {
      return new Options(parts, controllers, flags, nodes, binaries, consumer);
    }

    private List<String> flagsOf(Part part) {
      return flags.getOrDefault(part, List.of());
    }
  }

  /** Says which part of the control plane could not be built, started or reached, and why. */
  public static final class ControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ControlPlaneException(String message) {
      super(message);
    }

    ControlPlaneException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private ControlPlane(Options options, Path home, Path binaries) throws IOException {
    this.options = options;
    this.home = home;
    this.binaries = binaries;
    // A short name: a Unix socket's path ends at 104 bytes on some systems.
    this.folder = Files.createTempDirectory("netservice-");
    this.kubeconfig = folder.resolve("kubeconfig");
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    this.token = HexFormat.of().formatHex(random);
    List<Integer> ports = freePorts(4);
    this.server = "https://127.0.0.1:" + ports.get(0);
    for (Part part : Part.values()) {
      if (options.parts().contains(part)) {
        components.put(part, component(part, ports));
      }
    }
  }

  /**
   * Builds what is missing (minutes, the first time), starts the parts and returns when all of them
   * are ready: about four seconds on two free cores.
   *
   * @throws ControlPlaneException if a binary can't be built, or a part ends or is not ready in
   *     time; the message has the last lines of what it told. Nothing is left running then
   */
  public static ControlPlane start(Options options) {
    Path home = home();
    Path binaries = build(home, options);
    for (int attempt = 1; ; attempt++) {
      ControlPlane controlPlane;
      try {
        controlPlane = new ControlPlane(options, home, binaries);
      } catch (IOException e) {
        throw new ControlPlaneException("the control plane's folder can't be made: " + e, e);
      }
      try {
        Runtime.getRuntime().addShutdownHook(controlPlane.hook);
        controlPlane.boot();
        return controlPlane;
      } catch (PortTakenException e) {
        controlPlane.close();
        if (attempt == START_ATTEMPTS) {
          throw new ControlPlaneException(e.getMessage(), e);
        }
        options.progress().accept(e.part.binary() + "'s port was taken meanwhile: starting again");
      } catch (IOException | GeneralSecurityException e) {
        controlPlane.close();
        throw new ControlPlaneException("the control plane can't be started: " + e, e);
      } catch (RuntimeException e) {
        controlPlane.close();
        throw e;
      }
    }
  }

  /** A kubeconfig file of a cluster administrator, readable by its owner alone. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The API server's URL: {@code https://127.0.0.1:PORT}, the same after a restart. */
  public String server() {
    return server;
  }

  /** The bearer token of the administrator. */
  public String token() {
    return token;
  }

  /** The folder of the binaries, with kubectl among them. */
  public Path binaries() {
    return binaries;
  }

  /** The temporary folder of data and logs, which {@link #close} removes. */
  public Path folder() {
    return folder;
  }

  /**
   * One running part, to stop, kill or pause it and to start it again.
   *
   * @throws IllegalArgumentException if it was not among the options' parts
   */
  public Component component(Part part) {
    Component component = components.get(part);
    if (component == null) {
      throw new IllegalArgumentException(
          part.binary() + " is not among the parts that were started: " + components.keySet());
    }
    return component;
  }

  /** Done, with a message, once a part ends that nobody stopped or killed through this class. */
  public CompletableFuture<String> failure() {
    return failure.copy();
  }

  /**
   * Stops everything (kwok, scheduler and controller manager, then the API server, then etcd) and
   * removes the folder. A second call waits for the first to end.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      closed.join();
      return;
    }
    try {
      List<Component> clients =
          components.values().stream()
              .filter(component -> component.part.compareTo(Part.KUBE_APISERVER) > 0)
              .toList();
      clients.forEach(Component::terminate);
      clients.forEach(Component::stop);
      // The API server's shutdown writes to etcd and waits for it, so etcd is the last.
      component(Part.KUBE_APISERVER).stop();
      component(Part.ETCD).stop();
      removeFolder();
    } finally {
      closed.complete(null);
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is shutting down: this is the hook, or it waits for us.
      }
    }
  }

  // -- Starting -----------------------------------------------------------------------------------

  private void boot() throws IOException, GeneralSecurityException {
    writeSecrets();
    component(Part.ETCD).start();
    component(Part.KUBE_APISERVER).start();
    writeKubeconfig();
    List<Component> clients =
        components.values().stream()
            .filter(component -> component.part.compareTo(Part.KUBE_APISERVER) > 0)
            .toList();
    clients.forEach(Component::spawn);
    if (components.containsKey(Part.KWOK)) {
      makeNodes();
    }
    clients.forEach(Component::awaitReady);
  }

  private Component component(Part part, List<Integer> ports) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve(part.binary()).toString());
    Path certificates = folder.resolve(part.binary());
    Probe probe;
    switch (part) {
      case ETCD -> {
        Path socket = folder.resolve("etcd.sock");
        command.addAll(
            List.of(
                "--name=netservice",
                "--data-dir=" + folder.resolve("etcd"),
                "--unsafe-no-fsync",
                "--log-level=warn",
                "--quota-backend-bytes=8589934592",
                "--listen-client-urls=unix://" + socket,
                "--advertise-client-urls=unix://" + socket,
                "--listen-peer-urls=unix://" + folder.resolve("peer.sock"),
                // Nobody connects here: a cluster of one has no peers. It must be a host:port.
                "--initial-advertise-peer-urls=http://localhost:1",
                "--initial-cluster=netservice=http://localhost:1"));
        probe = () -> accepts(socket);
      }
      case KUBE_APISERVER -> {
        command.addAll(
            List.of(
                "--etcd-servers=unix://" + folder.resolve("etcd.sock"),
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + ports.get(0),
                // It makes a self-signed certificate here, and finds it after a restart.
                "--cert-dir=" + certificates,
                // The kubernetes Service gets no endpoints: nothing here could reach them.
                "--endpoint-reconciler-type=none",
                "--service-cluster-ip-range=" + SERVICE_CIDRS,
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + folder.resolve("service-account.pub"),
                "--service-account-signing-key-file=" + folder.resolve("service-account.key")));
        probe = answers(server + "/readyz", certificates.resolve("apiserver.crt"));
      }
      case KUBE_CONTROLLER_MANAGER -> {
        command.addAll(
            List.of(
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--controllers=" + String.join(",", options.controllers()),
                "--leader-elect=false",
                // The stock 20 requests a second make a scale test a test of this limit.
                "--kube-api-qps=500",
                "--kube-api-burst=1000",
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.get(1),
                "--cert-dir=" + certificates,
                "--root-ca-file=" + folder.resolve("kube-apiserver/apiserver.crt"),
                "--service-account-private-key-file=" + folder.resolve("service-account.key")));
        Probe healthy =
            answers(
                "https://127.0.0.1:%d/healthz".formatted(ports.get(1)),
                certificates.resolve("kube-controller-manager.crt"));
        // Pods can be made once this is there; /healthz says ok before any controller runs.
        Probe working =
            answers(
                server + "/api/v1/namespaces/default/serviceaccounts/default",
                folder.resolve("kube-apiserver/apiserver.crt"));
        boolean accounts =
            options.controllers().contains("*")
                || options.controllers().contains("serviceaccount-controller")
                || options.controllers().contains("serviceaccount");
        probe = accounts ? () -> healthy.test() && working.test() : healthy;
      }
      case KUBE_SCHEDULER -> {
        command.addAll(
            List.of(
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                "--kube-api-qps=500",
                "--kube-api-burst=1000",
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.get(2),
                "--cert-dir=" + certificates));
        probe =
            answers(
                "https://127.0.0.1:%d/healthz".formatted(ports.get(2)),
                certificates.resolve("kube-scheduler.crt"));
      }
      case KWOK -> {
        String address = "127.0.0.1:" + ports.get(3);
        command.addAll(
            List.of(
                "--kubeconfig=" + kubeconfig,
                "--config=" + home.resolve("kwok.yaml"),
                "--manage-nodes-with-label-selector=type=kwok",
                "--cidr=" + POD_CIDR,
                "--node-ip=192.0.2.10",
                // Node Leases, without which kube-controller-manager calls the Nodes unreachable.
                "--node-lease-duration-seconds=40",
                "--server-address=" + address));
        probe = answers("http://" + address + "/healthz", null);
      }
      default -> throw new IllegalStateException("unhandled part " + part);
    }
    command.addAll(options.flagsOf(part));
    return new Component(part, List.copyOf(command), probe);
  }

  /** The static token of the administrator and the key pair that signs ServiceAccount tokens. */
  private void writeSecrets() throws IOException, GeneralSecurityException {
    writePrivate(folder.resolve("tokens.csv"), token + ",admin,admin,\"system:masters\"" + "\n");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    writePrivate(
        folder.resolve("service-account.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    writePrivate(
        folder.resolve("service-account.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
  }

  private void writeKubeconfig() throws IOException {
    byte[] ca = Files.readAllBytes(folder.resolve("kube-apiserver/apiserver.crt"));
    writePrivate(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: netservice
        contexts:
        - name: netservice
          context: {cluster: netservice, user: admin}
        clusters:
        - name: netservice
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: admin
          user: {token: %s}
        """
            .formatted(server, Base64.getEncoder().encodeToString(ca), token));
  }

  private void makeNodes() throws IOException {
    // The pods' range in equal parts, so that no two pods anywhere share an address.
    int addresses = options.nodes() <= 16 ? 1024 : 256;
    HttpClient client = httpClient(folder.resolve("kube-apiserver/apiserver.crt"));
    for (int i = 0; i < options.nodes(); i++) {
      int third = i * addresses / 256;
      // The first address is left to the gateway; kwok counts on from what stands here.
      String node =
          """
          {"apiVersion": "v1", "kind": "Node",
           "metadata": {"name": "node-%1$d", "labels": {
             "type": "kwok",
             "kubernetes.io/hostname": "node-%1$d",
             "kubernetes.io/os": "linux",
             "topology.kubernetes.io/zone": "zone-%2$s"}},
           "spec": {"podCIDRs": ["10.244.%3$d.0/%4$d", "fd00:10:244:%3$x::/64"],
             "podCIDR": "10.244.%3$d.0/%4$d"},
           "status": {"addresses": [
             {"type": "InternalIP", "address": "192.0.2.%5$d"},
             {"type": "Hostname", "address": "node-%1$d"}]}}
          """
              .formatted(
                  i + 1,
                  Character.toString('a' + i % 3),
                  third,
                  addresses == 1024 ? 22 : 24,
                  i + 11);
      HttpResponse<String> answer =
          send(
              client,
              request(server + "/api/v1/nodes")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(node))
                  .build());
      if (answer.statusCode() != 201) {
        throw new ControlPlaneException(
            "Node node-%d can't be made: %d %s"
                .formatted(i + 1, answer.statusCode(), answer.body()));
      }
    }
  }

  /** The folder of the programs' sources and settings: {@code deploy/controlplane}. */
  private static Path home() {
    String given = System.getProperty("netservice.controlplane");
    if (given != null) {
      return Path.of(given);
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      Path candidate = at.resolve("deploy/controlplane");
      if (Files.isExecutable(candidate.resolve("build"))) {
        return candidate;
      }
    }
    throw new ControlPlaneException(
        "deploy/controlplane/build is in no folder above %s: run inside the repository, or set -Dnetservice.controlplane=FOLDER"
            .formatted(start));
  }

  private static Path build(Path home, Options options) {
    List<String> command = new ArrayList<>(List.of("bash", home.resolve("build").toString()));
    options.parts().stream().sorted().map(Part::binary).forEach(command::add);
    command.add("kubectl");
    command.addAll(options.binaries());
    Process process = null;
    Thread stop = null;
    try {
      Process started = new ProcessBuilder(command).start();
      process = started;
      stop = new Thread(started::destroy, "control-plane-build-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      process.getOutputStream().close();
      List<String> told = new ArrayList<>();
      Thread errors = new Thread(() -> passOn(started, told), "control-plane-build-errors");
      errors.setDaemon(true);
      errors.start();
      String last = null;
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          last = line;
        }
      }
      int code = process.waitFor();
      errors.join();
      if (code != 0 || last == null) {
        throw new ControlPlaneException(
            "the control plane can't be built: %s ended with exit code %d; the last lines it told:%n%s"
                .formatted(String.join(" ", command), code, String.join("\n", lastOf(told))));
      }
      return Path.of(last);
    } catch (IOException e) {
      throw new ControlPlaneException("the control plane can't be built: " + e, e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while building the control plane", e);
    } finally {
      if (stop != null) {
        try {
          Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
          // The JVM is shutting down and the hook does its work.
        }
      }
    }
  }

  /** Shows what the build tells as it comes, for that takes minutes, and keeps it. */
  private static void passOn(Process build, List<String> told) {
    try (BufferedReader lines = build.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.err.println(line);
        told.add(line);
      }
    } catch (IOException e) {
      told.add("(no more can be read: " + e + ")");
    }
  }

  private static List<String> lastOf(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }

  // -- One process --------------------------------------------------------------------------------

  /** Whether a component is ready to serve; an exception means not yet. */
  @FunctionalInterface
  private interface Probe {
    boolean test() throws IOException;
  }

  /** A part ended because its port was in use, which new ports can heal. */
  private static final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Part part;

    PortTakenException(Part part, String message) {
      super(message);
      this.part = part;
    }
  }

  /**
   * Runs a component for as long as the JVM at the other end of the standard input lives.
   *
   * <p>A process group of its own keeps the component from a Ctrl-C at the terminal, which is meant
   * for the runner: that stops the parts in their order. The watcher reads the standard input, on
   * which nothing ever comes; its end means that the JVM is gone, however it went.
   */
  private static final String WRAPPER =
      """
      log=$1 folder=$2
      shift 2
      trap : HUP INT TERM
      set -m
      "$@" </dev/null >>"$log" 2>&1 &
      component=$!
      {
        read -r _
        trap '' TERM
        kill -KILL "$component"
        while kill -0 "$component"; do sleep 0.02; done
        rm -rf -- "$folder"
      } <&0 >/dev/null 2>&1 &
      watcher=$!
      echo "$component"
      # By the job, not by the pid: another process may have that by then.
      while :; do
        wait -f %1 2>/dev/null
        code=$?
        kill -0 %1 2>/dev/null || break
      done
      kill "$watcher" 2>/dev/null
      exit "$code"
      """;

  /** One process of the control plane; ports and data stay the same when it is started again. */
  public final class Component {
    private final Part part;
    private final List<String> command;
    private final Probe probe;
    private final Path log;
    private Process wrapper;
    private ProcessHandle process;
    private boolean wanted;
    private boolean paused;
    private List<String> added = List.of();

    private Component(Part part, List<String> command, Probe probe) {
      this.part = part;
      this.command = command;
      this.probe = probe;
      this.log = folder.resolve(part.binary() + ".log");
    }

    /** Which part this is. */
    public Part part() {
      return part;
    }

    /** The file that all its output is appended to. */
    public Path log() {
      return log;
    }

    /** Whether the process runs (a paused one does). */
    public synchronized boolean isAlive() {
      return wrapper != null && wrapper.isAlive();
    }

    /** The id of the process that runs, or ran last. */
    public synchronized long pid() {
      return process.pid();
    }

    /** Starts it and returns when it is ready. Does nothing while it runs. */
    public void start() {
      spawn();
      awaitReady();
    }

    /**
     * Starts it with these flags beside its own, until it is started otherwise, and returns when it
     * is ready. Does nothing while it runs.
     */
    public void startWith(String... flags) {
      synchronized (this) {
        added = List.of(flags);
      }
      start();
    }

    /** Ends it with SIGTERM, or SIGKILL where that takes too long. Does nothing once it ended. */
    public void stop() {
      terminate();
      end(STOP_BOUND);
    }

    /** Ends it with SIGKILL, as a crash would. */
    public void kill() {
      synchronized (this) {
        wanted = false;
        if (isAlive()) {
          process.destroyForcibly();
        }
      }
      end(STOP_BOUND);
    }

    /** Freezes it (SIGSTOP): its connections stay open and nothing answers. */
    public synchronized void pause() {
      signal("STOP");
      paused = true;
    }

    /** Lets it go on after {@link #pause}. */
    public synchronized void resume() {
      signal("CONT");
      paused = false;
    }

    private synchronized void terminate() {
      wanted = false;
      if (!isAlive()) {
        return;
      }
      if (paused) {
        resume();
      }
      process.destroy();
    }

    /** Waits for the end of a process that was told to; kills it after the bound. */
    private void end(Duration bound) {
      Process ending;
      ProcessHandle killable;
      synchronized (this) {
        if (wrapper == null) {
          return;
        }
        ending = wrapper;
        killable = process;
      }
      try {
        if (!ending.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
          options.progress().accept(part.binary() + " does not stop: killing it");
          killable.destroyForcibly();
          ending.waitFor();
        }
      } catch (InterruptedException e) {
        killable.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void spawn() {
      if (isAlive()) {
        return;
      }
      // Not after close() began: it has passed here, or will find the process.
      if (closing.get()) {
        throw new ControlPlaneException(part.binary() + ": the control plane is being stopped");
      }
      List<String> line =
          new ArrayList<>(
              List.of("bash", "-c", WRAPPER, part.binary(), log.toString(), folder.toString()));
      line.addAll(command);
      line.addAll(added);
      try {
        Process started = new ProcessBuilder(line).start();
        String pid = started.inputReader(StandardCharsets.US_ASCII).readLine();
        if (pid == null) {
          throw new ControlPlaneException(
              part.binary()
                  + " can't be started: "
                  + new String(started.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        wrapper = started;
        process = ProcessHandle.of(Long.parseLong(pid)).orElse(started.toHandle());
        wanted = true;
        paused = false;
        var unused = started.onExit().thenAccept(this::ended);
      } catch (IOException e) {
        throw new ControlPlaneException(part.binary() + " can't be started: " + e, e);
      }
    }

    private void ended(Process ended) {
      synchronized (this) {
        if (!wanted || ended != wrapper) {
          return;
        }
      }
      failure.complete(describeEnd(ended.exitValue()));
    }

    private void awaitReady() {
      long started = System.nanoTime();
      long told = started;
      Process waited;
      synchronized (this) {
        waited = wrapper;
      }
      String reason = "it did not answer";
      while (true) {
        try {
          if (probe.test()) {
            options.progress().accept("  %-25s ready".formatted(part.binary()));
            return;
          }
        } catch (IOException e) {
          reason = e.toString();
        }
        // Waits for the end of the process, not for time: an early end is seen at once.
        if (endsWithin(waited, Duration.ofMillis(20))) {
          String message = describeEnd(waited.exitValue());
          if (closing.get()) {
            throw new ControlPlaneException(part.binary() + " was stopped while it started");
          }
          if (lastLines().contains("address already in use")) {
            throw new PortTakenException(part, message);
          }
          throw new ControlPlaneException(message);
        }
        long now = System.nanoTime();
        if (now - started > START_BOUND.toNanos()) {
          throw new ControlPlaneException(
              "%s is not ready after %d s (%s); the last lines of its log:%n%s"
                  .formatted(part.binary(), START_BOUND.toSeconds(), reason, lastLines()));
        }
        if (now - told > TimeUnit.SECONDS.toNanos(5)) {
          told = now;
          options
              .progress()
              .accept(
                  "  %-25s waiting, %d s so far"
                      .formatted(part.binary(), TimeUnit.NANOSECONDS.toSeconds(now - started)));
        }
      }
    }

    private String describeEnd(int code) {
      return "%s ended with exit code %d; the last lines of its log:%n%s"
          .formatted(part.binary(), code, lastLines());
    }

    private String lastLines() {
      try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
        return String.join("\n", lastOf(lines.toList()));
      } catch (IOException e) {
        return "(no log: " + e + ")";
      }
    }

    private void signal(String name) {
      if (!isAlive()) {
        throw new IllegalStateException(part.binary() + " is not running");
      }
      ControlPlane.signal(name, process.pid(), part.binary());
    }
  }

  /**
   * Sends a signal that the JDK has no method for; it knows SIGTERM and SIGKILL alone.
   *
   * @param name without SIG
   * @param title how a person names the process
   * @throws ControlPlaneException if that is not possible
   */
  public static void signal(String name, long pid, String title) {
    try {
      // bash has kill built in.
      Process kill =
          new ProcessBuilder("bash", "-c", "kill -s \"$1\" \"$2\"", "kill", name, "" + pid)
              .redirectErrorStream(true)
              .start();
      String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kill.waitFor() != 0) {
        throw new ControlPlaneException("SIG%s to %s: %s".formatted(name, title, output));
      }
    } catch (IOException e) {
      throw new ControlPlaneException("SIG%s to %s: %s".formatted(name, title, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while signalling " + title, e);
    }
  }

  private static boolean endsWithin(Process process, Duration bound) {
    try {
      return process.waitFor(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while the control plane started", e);
    }
  }

  // -- Probes -------------------------------------------------------------------------------------

  private static boolean accepts(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    }
  }

  /** Ready once a GET of this URL, trusting the certificates in this file, is answered with 200. */
  private Probe answers(String url, Path trusted) {
    return new Probe() {
      private HttpClient client;

      @Override
      public synchronized boolean test() throws IOException {
        if (client == null) {
          client = httpClient(trusted);
        }
        HttpResponse<String> answer = send(client, request(url).build());
        if (answer.statusCode() != 200) {
          throw new IOException("%s: %d %s".formatted(url, answer.statusCode(), answer.body()));
        }
        return true;
      }
    };
  }

  private HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws IOException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while asking " + request.uri(), e);
    }
  }

  private static HttpClient httpClient(Path trusted) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(5));
    if (trusted == null) {
      return builder.build();
    }
    try (InputStream in = Files.newInputStream(trusted)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int i = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("trusted-" + i++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return builder.sslContext(context).build();
    } catch (GeneralSecurityException e) {
      // The file is being written at this moment: the next try reads all of it.
      throw new IOException("no certificates in %s yet: %s".formatted(trusted, e), e);
    }
  }

  // -- Files and ports ----------------------------------------------------------------------------

  /** Different free ports: all are held at once, then let go together. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static void writePrivate(Path file, String text) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static String pem(String label, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(label, body);
  }

  private void removeFolder() {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException error)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // Gone already.
    } catch (IOException e) {
      options.progress().accept("the folder %s can't be removed: %s".formatted(folder, e));
    }
  }

  // -- The program --------------------------------------------------------------------------------

  private static final String USAGE =
      """
      Usage: deploy/controlplane/run [OPTION...]

      Runs a Kubernetes control plane on loopback until it is interrupted. Prints the line
      KUBECONFIG=FILE on standard output when all is ready; everything else goes to standard
      error. Leaves no process and no file behind.

        --with PARTS          comma list of what to run beside etcd and kube-apiserver:
                              kube-controller-manager, kube-scheduler, kwok, or none
                              (default kube-controller-manager)
        --controllers LIST    kube-controller-manager's --controllers (default *)
        --nodes N             Nodes that kwok plays (default 3, at most 64)
        --flag PART:FLAG      a further flag for a part, such as
                              kube-apiserver:--goaway-chance=0.02; repeatable
        --while-pid PID       stop as well when the process PID is gone
        --help                this text
      """;

  /** What the command line asks for. */
  private record Arguments(Options options, Optional<ProcessHandle> whilePid) {

    static Arguments parse(List<String> words) {
      Options options = Options.defaults().progress(System.err::println);
      Optional<ProcessHandle> whilePid = Optional.empty();
      for (int i = 0; i < words.size(); i += 2) {
        String name = words.get(i);
        if (!Set.of("--with", "--controllers", "--nodes", "--flag", "--while-pid").contains(name)) {
          throw new IllegalArgumentException("there is no option '" + name + "'");
        }
        if (i + 1 == words.size()) {
          throw new IllegalArgumentException(name + " needs a value");
        }
        String value = words.get(i + 1);
        switch (name) {
          case "--with" -> options = options.parts(parts(value));
          case "--controllers" -> options = options.controllers(value.split(",", -1));
          case "--nodes" -> options = options.nodes((int) number(name, value));
          case "--while-pid" -> {
            long pid = number(name, value);
            whilePid = ProcessHandle.of(pid);
            if (whilePid.isEmpty()) {
              throw new IllegalArgumentException("--while-pid: there is no process " + pid);
            }
          }
          default -> {
            int colon = value.indexOf(':');
            if (colon < 0) {
              throw new IllegalArgumentException(
                  "--flag is '%s': PART:FLAG is wanted".formatted(value));
            }
            options = options.flags(Part.of(value.substring(0, colon)), value.substring(colon + 1));
          }
        }
      }
      return new Arguments(options, whilePid);
    }

    private static Part[] parts(String list) {
      return Arrays.stream(list.split(",", -1))
          .map(String::strip)
          .filter(name -> !name.isEmpty() && !name.equals("none"))
          .map(Part::of)
          .toArray(Part[]::new);
    }

    private static long number(String option, String value) {
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(option + " is '" + value + "': a number is wanted", e);
      }
    }
  }

  /** Runs the control plane until interrupted; see {@code --help}. */
  public static void main(String[] args) {
    List<String> words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(USAGE);
      return;
    }
    System.exit(run(words));
  }

  private static int run(List<String> words) {
    Arguments arguments;
    try {
      arguments = Arguments.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println("deploy/controlplane/run: " + e.getMessage() + " (see --help)");
      return 2;
    }
    long started = System.nanoTime();
    try (ControlPlane controlPlane = start(arguments.options())) {
      System.err.printf(
          Locale.ROOT,
          "The control plane is up at %s after %.1f s; stop it with Ctrl-C, or: kill %d%n",
          controlPlane.server(),
          (System.nanoTime() - started) / 1e9,
          ProcessHandle.current().pid());
      System.out.println("KUBECONFIG=" + controlPlane.kubeconfig());
      System.out.flush();
      CompletableFuture<Optional<String>> end = new CompletableFuture<>();
      var unused = controlPlane.failure().thenAccept(message -> end.complete(Optional.of(message)));
      arguments
          .whilePid()
          .ifPresent(
              process -> {
                var unusedExit = process.onExit().thenAccept(p -> end.complete(Optional.empty()));
              });
      Optional<String> failed = end.get();
      failed.ifPresent(message -> System.err.println("deploy/controlplane/run: " + message));
      return failed.isPresent() ? 1 : 0;
    } catch (ControlPlaneException e) {
      System.err.println("deploy/controlplane/run: " + e.getMessage());
      return 1;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
