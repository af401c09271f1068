package io.netservice.webhook;

import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.http.WriteGate;
import io.netservice.runtime.Durations;
import io.netservice.runtime.IsolationOptions;
import io.netservice.runtime.LogLevelFile;
import io.netservice.runtime.NamespaceOptions;
import io.netservice.runtime.Program;
import io.netservice.runtime.StatusServer;
import io.netservice.webhook.admission.AdmissionHandler;
import io.netservice.webhook.tls.CertificateWatcher;
import io.netservice.webhook.tls.Overdue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the webhook and stops it in reverse when the process is told to end. */
@Command(
    name = "netservice-webhook",
    description = "Admission webhook for NetServices: completes and checks what is stored.")
public final class Main extends Program {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  /** Two small files. A Secret takes a minute to reach them; this is nothing beside it. */
  private static final Duration LOOK_AT_FILES = Duration.ofMillis(250);

  private static final Duration LONGEST_DRAIN_DELAY = Duration.ofMinutes(5);

  @Option(
      names = "--bind-address",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Address to serve on. Default: ${DEFAULT-VALUE}.")
  private String bindAddress;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description = "Port for HTTPS; 0 for one that the kernel picks. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description =
          "Port for health and metrics; 0 for one that the kernel picks. Default:"
              + " ${DEFAULT-VALUE}.")
  private int metricsPort;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      defaultValue = "/etc/netservice/tls/tls.crt",
      description =
          "Chain of certificates (PEM); waited for, and read again when it changes. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      defaultValue = "/etc/netservice/tls/tls.key",
      description = "Its private key (PEM, PKCS#8). Default: ${DEFAULT-VALUE}.")
  private Path tlsKey;

  @Option(
      names = "--drain-delay",
      paramLabel = "TIME",
      defaultValue = "0s",
      description =
          "How long it goes on serving when it is told to stop, until nobody is sent here any more;"
              + " at most 5m. Default: ${DEFAULT-VALUE}.")
  private String drainDelay;

  @Option(
      names = "--pod-name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The pod that this runs in, which warnings are told of. Default: none.")
  private String podName;

  @Option(
      names = "--pod-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "netservice-system",
      description = "Its namespace. Default: ${DEFAULT-VALUE}.")
  private String podNamespace;

  @Mixin private NamespaceOptions namespaces;

  @Mixin private IsolationOptions isolation;

  @Mixin private LogLevelFile logLevels;

  public static void main(String[] args) {
    Program.main(new Main(), args);
  }

  /** Warnings as Events, where it is known on what; the log has them in any case. */
  private Consumer<String> events(ApiClient client) {
    return podName.isEmpty() ? message -> {} : new PodEvents(client, podNamespace, podName)::warn;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration delay =
        Durations.parse(drainDelay)
            .filter(time -> time.compareTo(LONGEST_DRAIN_DELAY) <= 0)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--drain-delay " + drainDelay + ": must be a time up to 5m, as 0s or 5s"));
    List<AutoCloseable> started = new ArrayList<>();
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicBoolean stopping = new AtomicBoolean();
    WebhookServer server;
    try {
      started.add(logLevels.start());
      ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "api-timer"));
      started.add(timer::shutdownNow);
      ApiClient client =
          new ApiClient(
              new ApiServer(clientConfig()),
              WebhookServer.THREADS,
              ApiServerLookup.TIMEOUT,
              WriteGate.OPEN,
              timer);
      started.add(client);
      ApiServerLookup lookup = new ApiServerLookup(client);
      server =
          WebhookServer.start(
              bindAddress,
              port,
              AdmissionHandler.mutating(),
              AdmissionHandler.validating(
                  lookup, lookup, isolation.isolation(), namespaces.listed()));
      started.add(server);
      CertificateWatcher certificate =
          new CertificateWatcher(
              tlsCert,
              tlsKey,
              LOOK_AT_FILES,
              server::use,
              new Overdue(Clock.systemUTC(), events(client)));
      started.add(certificate);
      certificate.start();
      started.add(
          StatusServer.start(
              bindAddress,
              metricsPort,
              () -> true,
              () -> stopping.get() ? Optional.of("stopping") : certificate.notReady()));
    } catch (IOException | RuntimeException e) {
      closeAll(started);
      throw e;
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    log.info("stopping");
                    stopping.set(true);
                    server.drain();
                    // New connections come until everybody has heard that this one is not ready.
                    Thread.sleep(delay.toMillis());
                    closeAll(started);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (IOException e) {
                    log.error("stopping failed", e);
                  } finally {
                    stopped.countDown();
                  }
                },
                "stop"));
    stopped.await();
    return 0;
  }
}
