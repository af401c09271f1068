package io.netservice.faults.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.bench.cluster.Answer;
import io.netservice.bench.cluster.Api;
import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.subject.Programs;
import io.netservice.bench.subject.Running;
import io.netservice.controlplane.ControlPlane;
import io.netservice.controlplane.ControlPlane.Component;
import io.netservice.controlplane.ControlPlane.Part;
import io.netservice.faults.check.Checker;
import io.netservice.faults.load.AdmissionLoad;
import io.netservice.faults.load.Claims;
import io.netservice.faults.load.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A control plane with the install's accounts and permissions, syncers that are run as a {@link
 * Layout} says, pods that change, and a checker. One thread at a time.
 */
public final class World implements AutoCloseable {

  private static final String SYSTEM = "netservice-system";
  private static final String USER = "system:serviceaccount:netservice-system:netservice-syncer";
  private static final String ACCOUNTS = "/api/v1/namespaces/netservice-system/serviceaccounts/";
  private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";
  private static final List<String> WEBHOOK_KINDS =
      List.of("mutatingwebhookconfigurations", "validatingwebhookconfigurations");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Small slices, so that a few pods make several. */
  private static final int SLICE = 5;

  private static final Duration WARM_UP = Duration.ofSeconds(5);

  /** The most that an API server takes. */
  private static final String GOAWAY = "--goaway-chance=0.02";

  private final Path root;
  private final long seed;
  private final Programs programs;
  private final Consumer<String> progress;
  private final Path audited;
  private final ControlPlane controlPlane;
  private final Api api;
  private final Admin admin;
  private final Writers writers;
  private final Checker checker;
  private final Workload workload;
  private final List<Syncer> syncers = new ArrayList<>();
  private final List<TcpRelay> relays = new ArrayList<>();

  /** Which replica has the token with this id. */
  private final Map<String, Syncer> owners = new HashMap<>();

  private Optional<Layout> layout = Optional.empty();
  private Optional<Toxiproxy> toxiproxy = Optional.empty();
  private Optional<FaultyProxy> faultyProxy = Optional.empty();
  private Optional<Webhooks> webhooks = Optional.empty();
  private final List<String> failedAdmissions = new ArrayList<>();
  private volatile Optional<String> failure = Optional.empty();

  /**
   * How a world is made.
   *
   * @param root the top folder of the repository
   * @param pace the time from one change of a pod to the next
   * @param progress told what is being done
   */
  public record Settings(Path root, long seed, Duration pace, Consumer<String> progress) {}

  private World(Settings settings, Path audited, AuditLog audit, ControlPlane controlPlane)
      throws IOException, GeneralSecurityException {
    this.root = settings.root();
    this.seed = settings.seed();
    this.programs = new Programs(root, System.getenv());
    this.progress = settings.progress();
    this.audited = audited;
    this.controlPlane = controlPlane;
    this.writers = new Writers(audit);
    this.api = new Api(controlPlane.server(), controlPlane.token(), authority());
    this.admin = new Admin(api);
    install();
    Claims claims = new Claims();
    this.workload = new Workload(admin, claims, seed, settings.pace());
    this.checker = Checker.open(admin, api, authority(), claims);
    workload.start();
  }

  /** Starts a control plane and makes all that is in it; nothing is published yet. */
  public static World start(Settings settings) {
    ControlPlane controlPlane = null;
    try {
      Path audited = Files.createTempDirectory("netservice-audit-");
      AuditLog audit = new AuditLog(audited);
      controlPlane =
          ControlPlane.start(
              ControlPlane.Options.defaults()
                  // The other controllers want kubelets, or are not asked for here.
                  .controllers("namespace-controller", "garbage-collector-controller")
                  .binaries("toxiproxy")
                  .flags(Part.KUBE_APISERVER, "--disable-admission-plugins=ServiceAccount")
                  .flags(Part.KUBE_APISERVER, audit.flags(audited, USER))
                  .progress(settings.progress()));
      return new World(settings, audited, audit, controlPlane);
    } catch (IOException | GeneralSecurityException e) {
      close(controlPlane);
      throw new BenchException("the cluster can't be made ready: " + e, e);
    } catch (RuntimeException e) {
      close(controlPlane);
      throw e;
    }
  }

  private static void close(ControlPlane controlPlane) {
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  public Admin admin() {
    return admin;
  }

  public Checker checker() {
    return checker;
  }

  public Workload workload() {
    return workload;
  }

  /** A part of the control plane, to be killed, frozen and started. */
  public Component component(Part part) {
    return controlPlane.component(part);
  }

  /** The folder of the control plane, with logs of all processes. */
  public Path folder() {
    return controlPlane.folder();
  }

  /** The syncer, where there is one. */
  public Syncer syncer() {
    return syncers.get(0);
  }

  public List<Syncer> syncers() {
    return List.copyOf(syncers);
  }

  /** Which of the syncers leads. */
  public Syncer leader() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < end) {
      Syncer leader = owners.get(writers.holder());
      if (leader != null && leader.running().isAlive()) {
        return leader;
      }
      Thread.sleep(20);
    }
    throw new BenchException("no syncer leads");
  }

  /** The way from a syncer to the API server. */
  public TcpRelay relay(Syncer syncer) {
    return relays.get(syncers.indexOf(syncer));
  }

  public Toxiproxy toxiproxy() {
    return toxiproxy.orElseThrow();
  }

  public FaultyProxy faultyProxy() {
    return faultyProxy.orElseThrow();
  }

  public Webhooks webhooks() {
    return webhooks.orElseThrow();
  }

  /** Clients that create NetServices, so many a second; not started yet. */
  public AdmissionLoad load(int perSecond) {
    return new AdmissionLoad(api, perSecond);
  }

  /** The processes of what is installed, by name. */
  public Map<String, Running> processes() {
    Map<String, Running> result = new LinkedHashMap<>();
    syncers.forEach(each -> result.put(each.name(), each.running()));
    webhooks.ifPresent(each -> result.putAll(each.processes()));
    return result;
  }

  /** Waits until a NetService is admitted, where webhooks are asked; gives the moment. */
  public long awaitAdmission() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (webhooks.isPresent() && !AdmissionLoad.isAdmitted(api)) {
      if (System.nanoTime() > end) {
        throw new BenchException("no NetService is admitted");
      }
      webhooks.get().look();
      Thread.sleep(10);
    }
    return System.nanoTime();
  }

  /** Keeps what failed for want of a webhook. */
  public void noteFailures(List<String> failures) {
    failedAdmissions.addAll(failures);
  }

  /** What failed for want of a webhook since the last call. */
  public List<String> failedAdmissions() {
    List<String> result = List.copyOf(failedAdmissions);
    failedAdmissions.clear();
    return result;
  }

  /** What was written by a syncer while another was the writer, in words. */
  public List<String> overlaps() {
    return writers.overlaps();
  }

  /**
   * Lets run what {@code wanted} says, if that does not run already.
   *
   * @throws BenchException if it can't be started
   */
  public void arrange(Layout wanted) throws InterruptedException {
    if (layout.isPresent() && layout.get() == wanted) {
      return;
    }
    progress.accept("starting what layout " + wanted + " has");
    stopSyncers();
    if (layout.isPresent() && (layout.get() == Layout.GOAWAY || wanted == Layout.GOAWAY)) {
      restartApiServer(wanted == Layout.GOAWAY);
    } else if (wanted == Layout.GOAWAY) {
      restartApiServer(true);
    }
    layout = Optional.of(wanted);
    writers.begin(wanted.elects());
    int target = URI.create(controlPlane.server()).getPort();
    if (wanted == Layout.TOXIPROXY) {
      toxiproxy =
          Optional.of(
              Toxiproxy.start(
                  controlPlane.binaries(),
                  folder().resolve("toxiproxy.log"),
                  target,
                  seed,
                  this::fail));
      target = toxiproxy.get().port();
    } else if (wanted == Layout.HTTP_PROXY) {
      faultyProxy = Optional.of(FaultyProxy.start(newFolder("proxy"), authority(), target, seed));
      target = faultyProxy.get().port();
    } else if (wanted.asksWebhooks()) {
      startWebhooks(target);
    }
    for (int i = 1; i <= wanted.replicas(); i++) {
      int port = target;
      if (wanted == Layout.TOXIPROXY || wanted == Layout.PAIR) {
        int to = target;
        TcpRelay relay = new TcpRelay("relay-" + i, () -> Optional.of(to));
        relays.add(relay);
        port = relay.port();
      }
      addSyncer("syncer-" + i, port, wanted);
    }
    for (Syncer syncer : syncers) {
      syncer.start();
    }
    for (Syncer syncer : syncers) {
      syncer.awaitLine("caches are in step");
    }
  }

  /** Has etcd forget all that is not current. */
  public void compact() {
    new Etcd(folder().resolve("etcd.sock")).compact();
  }

  /** Fails if a process has ended that nobody stopped. */
  public void checkAlive() {
    failure.ifPresent(
        why -> {
          throw new BenchException(why);
        });
    if (controlPlane.failure().isDone()) {
      throw new BenchException(controlPlane.failure().join());
    }
  }

  /** Copies what the syncers have told into {@code into}. */
  public void keepLogs(Path into) throws IOException {
    Files.createDirectories(into);
    for (Syncer syncer : syncers) {
      Files.copy(
          syncer.log(),
          into.resolve(syncer.log().getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Ends the syncers and what stands before them; what they published stays. */
  public void stopSyncers() {
    syncers.forEach(Syncer::close);
    syncers.clear();
    owners.clear();
    relays.forEach(TcpRelay::close);
    relays.clear();
    toxiproxy.ifPresent(Toxiproxy::close);
    toxiproxy = Optional.empty();
    faultyProxy.ifPresent(FaultyProxy::close);
    faultyProxy = Optional.empty();
    if (webhooks.isPresent()) {
      for (String kind : WEBHOOK_KINDS) {
        Admin.insist(() -> admin.delete(CONFIGURATIONS + kind + "/netservice"));
      }
      webhooks.get().close();
      webhooks = Optional.empty();
    }
    layout = Optional.empty();
  }

  @Override
  public void close() {
    workload.close();
    checker.close();
    stopSyncers();
    controlPlane.close();
    try (Stream<Path> files = Files.list(audited)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(audited);
    } catch (IOException e) {
      progress.accept(audited + " can't be removed: " + e);
    }
  }

  private void fail(String why) {
    failure = Optional.of(failure.orElse(why));
  }

  private void restartApiServer(boolean goaway) {
    Component server = component(Part.KUBE_APISERVER);
    server.stop();
    if (goaway) {
      server.startWith(GOAWAY);
    } else {
      server.startWith();
    }
  }

  private void startWebhooks(int target) throws InterruptedException {
    Path kubeconfig = kubeconfig("netservice-webhook", Optional.empty(), target);
    Webhooks started = new Webhooks(programs, kubeconfig, newFolder("webhooks"), this::fail);
    webhooks = Optional.of(started);
    started.start();
    for (String kind : WEBHOOK_KINDS) {
      String file = kind.substring(0, kind.length() - 1) + ".yaml";
      String json =
          kubectl(
              "create",
              "--dry-run=client",
              "-o",
              "json",
              "-f",
              "" + root.resolve("deploy/base/webhook").resolve(file));
      try {
        ObjectNode configuration = (ObjectNode) MAPPER.readTree(json);
        started.configure(configuration);
        Admin.insist(() -> admin.create(CONFIGURATIONS + kind, configuration.toString()));
      } catch (JsonProcessingException e) {
        throw new BenchException(file + " is no object: " + json, e);
      }
    }
    awaitAdmission();
    // A webhook that has just started is slow: its first requests are not what is measured.
    AdmissionLoad first = load(AdmissionLoad.FAST).start();
    Thread.sleep(WARM_UP.toMillis());
    first.end();
  }

  private void addSyncer(String name, int port, Layout wanted) {
    List<String> command = new ArrayList<>(programs.command("syncer"));
    command.addAll(
        List.of(
            "--bind-address",
            "127.0.0.1",
            "--metrics-port",
            "0",
            "--max-endpoints-per-slice",
            "" + SLICE,
            "--leader-elect",
            "" + wanted.elects(),
            "--lease-namespace",
            SYSTEM));
    if (wanted == Layout.TOXIPROXY) {
      // Watches tell there alone that they were too old.
      command.addAll(List.of("--log-level", "debug"));
    }
    Syncer[] self = new Syncer[1];
    self[0] =
        new Syncer(
            name,
            command,
            () -> kubeconfig("netservice-syncer", Optional.of(self[0]), port),
            folder(),
            this::fail);
    syncers.add(self[0]);
  }

  /** A kubeconfig with a new token of an account, for a replica of the syncer if it is for one. */
  private Path kubeconfig(String account, Optional<Syncer> syncer, int port) {
    Answer answer =
        Admin.insist(
            () -> {
              Answer made =
                  api.ask(
                      "POST",
                      ACCOUNTS + account + "/token",
                      "application/json",
                      """
                      {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest",
                      "spec":{"expirationSeconds":86400}}"""
                          .getBytes(StandardCharsets.UTF_8));
              if (made.status() >= 300) {
                throw new BenchException("no token: " + made.status() + " " + made.body());
              }
              return made;
            });
    try {
      String token = MAPPER.readTree(answer.body()).at("/status/token").asText();
      JsonNode payload = MAPPER.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
      syncer.ifPresent(each -> owners.put("JTI=" + payload.path("jti").asText(), each));
      Path file =
          Files.createTempFile(
              folder(),
              account,
              ".kubeconfig",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: faults
          contexts: [{name: faults, context: {cluster: faults, user: syncer}}]
          clusters:
          - name: faults
            cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}
          users: [{name: syncer, user: {token: %s}}]
          """
              .formatted(port, authorities(), token));
      return file;
    } catch (JsonProcessingException e) {
      throw new BenchException("no token: " + e, e);
    } catch (IOException e) {
      throw new BenchException("no kubeconfig for " + account + ": " + e, e);
    }
  }

  private Path authority() {
    return controlPlane.folder().resolve("kube-apiserver/apiserver.crt");
  }

  private String authorities() throws IOException {
    String pem = Files.readString(authority(), StandardCharsets.US_ASCII);
    if (faultyProxy.isPresent()) {
      pem += Files.readString(faultyProxy.get().certificate(), StandardCharsets.US_ASCII);
    }
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  /** A folder that only this user can look into. */
  Path newFolder(String prefix) {
    try {
      return Files.createTempDirectory(folder(), prefix);
    } catch (IOException e) {
      throw new BenchException("no folder: " + e, e);
    }
  }

  private void install() throws IOException {
    Path base = root.resolve("deploy/base");
    kubectl(
        "apply",
        "--wait",
        "-f",
        "" + base.resolve("namespace.yaml"),
        "-f",
        "" + base.resolve("crd"),
        "-f",
        "" + base.resolve("syncer/serviceaccount.yaml"),
        "-f",
        "" + base.resolve("syncer/rbac.yaml"),
        "-f",
        "" + base.resolve("webhook/serviceaccount.yaml"),
        "-f",
        "" + base.resolve("webhook/rbac.yaml"),
        "-f",
        "" + root.resolve("deploy/samples/crd"));
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
  }

  /** Runs kubectl as the administrator and gives what it prints. */
  public String kubectl(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(controlPlane.binaries().resolve("kubectl").toString());
    command.add("--kubeconfig=" + controlPlane.kubeconfig());
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new BenchException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new BenchException(String.join(" ", command) + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted at " + String.join(" ", command), e);
    }
  }
}
