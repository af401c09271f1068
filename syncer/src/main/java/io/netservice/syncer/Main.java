package io.netservice.syncer;

import io.fabric8.kubernetes.client.Config;
import io.netservice.http.ApiServer;
import io.netservice.runtime.Durations;
import io.netservice.runtime.IsolationOptions;
import io.netservice.runtime.LogLevelFile;
import io.netservice.runtime.NamespaceOptions;
import io.netservice.runtime.Program;
import io.netservice.syncer.explain.ExplainCommand;
import io.netservice.syncer.explain.PlanCommand;
import io.netservice.syncer.leader.LeaseTiming;
import io.netservice.syncer.migrate.MigrateCommand;
import io.netservice.syncer.plan.PlannerSettings;
import io.netservice.syncer.watch.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The syncer's command line. */
@Command(
    name = "netservice-syncer",
    subcommands = {ExplainCommand.class, PlanCommand.class, MigrateCommand.class},
    description =
        "Keeps the Services, EndpointSlices and Endpoints of NetServices in step with the pods.",
    footer = {
      "",
      "It takes least memory and time when it is started with the options beside the jar:",
      "  java @jvm.options -jar netservice-syncer.jar"
    })
public final class Main extends Program {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private static final Pattern DNS_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int LONGEST_NAME = 253;

  private static final Duration SHORTEST_RESYNC = Duration.ofSeconds(1);

  @Option(
      names = "--bind-address",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Where health and metrics are served. Default: ${DEFAULT-VALUE}.")
  private String bindAddress;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description =
          "The port of health and metrics, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private int metricsPort;

  @Option(
      names = "--workers",
      paramLabel = "COUNT",
      defaultValue = "16",
      description = "How many NetServices are reconciled side by side. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--max-endpoints-per-slice",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "The most endpoints of a slice, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int maxEndpointsPerSlice;

  @Option(
      names = "--endpoints",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "Whether Endpoints are written beside the slices. Default: ${DEFAULT-VALUE}.")
  private boolean endpoints;

  @Option(
      names = "--resync-period",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "Over which time all caches are compared with the API server once, 0s for never."
              + " Default: ${DEFAULT-VALUE}.")
  private String resyncPeriod;

  @Option(
      names = "--leader-elect",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description =
          "Whether only the holder of a Lease writes, so that several may run side by side."
              + " Default: ${DEFAULT-VALUE}.")
  private boolean leaderElect;

  @Option(
      names = "--lease-name",
      paramLabel = "NAME",
      defaultValue = "netservice-syncer",
      description = "The Lease. Default: ${DEFAULT-VALUE}.")
  private String leaseName;

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAMESPACE",
      description =
          "Its namespace. Default: the pod's own, or the one that the kubeconfig names, or"
              + " default.")
  private String leaseNamespace;

  @Option(
      names = "--lease-duration",
      paramLabel = "TIME",
      defaultValue = "15s",
      description =
          "How long after the last sign of life of a leader another takes over, in whole seconds."
              + " Default: ${DEFAULT-VALUE}.")
  private String leaseDuration;

  @Option(
      names = "--renew-deadline",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long a leader begins writes without a good renewal of the Lease."
              + " Default: ${DEFAULT-VALUE}.")
  private String renewDeadline;

  @Option(
      names = "--retry-period",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "How often the Lease is renewed, or looked at. Default: ${DEFAULT-VALUE}.")
  private String retryPeriod;

  @Mixin private NamespaceOptions namespaces;

  @Mixin private IsolationOptions isolation;

  @Mixin private LogLevelFile logLevels;

  public static void main(String[] args) {
    Program.main(new Main(), args);
  }

  @Override
  public Integer call() throws Exception {
    if (workers < 1 || workers > 64) {
      throw new IllegalArgumentException("--workers " + workers + ": must be from 1 to 64");
    }
    Duration resync = time("--resync-period", resyncPeriod);
    if (!resync.isZero() && resync.compareTo(SHORTEST_RESYNC) < 0) {
      throw new IllegalArgumentException(
          "--resync-period " + resyncPeriod + ": must be at least 1s, or 0s for never");
    }
    Config config = clientConfig();
    Optional<Syncer.Election> election = election(config);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  try {
                    stopped.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "shutdown"));
    AutoCloseable levels = logLevels.start();
    try (Syncer syncer =
        new Syncer(
            new ApiServer(config),
            new PlannerSettings(maxEndpointsPerSlice, endpoints, isolation.isolation()),
            scope(),
            workers,
            resync,
            election)) {
      syncer.start(bindAddress, metricsPort);
      stop.await();
      log.info("stopping");
    } finally {
      levels.close();
      stopped.countDown();
    }
    return 0;
  }

  private Scope scope() {
    Scope scope = new Scope(namespaces.listed());
    scope.namespaces().forEach(name -> checkName("--namespaces", name));
    return scope;
  }

  private Optional<Syncer.Election> election(Config config) {
    // Checked even where it is not used: what is wrong should not wait for another option.
    LeaseTiming timing =
        new LeaseTiming(
            time("--lease-duration", leaseDuration),
            time("--renew-deadline", renewDeadline),
            time("--retry-period", retryPeriod));
    String namespace =
        Stream.of(leaseNamespace, config.getNamespace())
            .filter(name -> name != null && !name.isBlank())
            .findFirst()
            .orElse("default");
    checkName("--lease-name", leaseName);
    checkName("--lease-namespace", namespace);
    return leaderElect
        ? Optional.of(new Syncer.Election(namespace, leaseName, timing))
        : Optional.empty();
  }

  private static Duration time(String option, String text) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    option + " " + text + ": must be a time, as 500ms, 15s, 2m or 1h"));
  }

  private static void checkName(String option, String text) {
    if (!DNS_NAME.matcher(text).matches() || text.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          option + " " + text + ": must be a name of lower case letters, digits, '-' and '.'");
    }
  }
}
