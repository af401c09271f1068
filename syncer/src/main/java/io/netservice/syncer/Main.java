package io.netservice.syncer;

import io.netservice.runtime.Program;
import io.netservice.runtime.StatusServer;
import io.netservice.syncer.apply.ApiClient;
import io.netservice.syncer.apply.Applier;
import io.netservice.syncer.apply.Reconciler;
import io.netservice.syncer.apply.SyncerMetrics;
import io.netservice.syncer.http.ApiServer;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PlannerSettings;
import io.netservice.syncer.queue.WorkQueue;
import io.netservice.syncer.watch.ClusterState;
import io.netservice.syncer.watch.Connections;
import io.netservice.syncer.watch.PodWatches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The syncer's command line and wiring. */
@Command(
    name = "netservice-syncer",
    description =
        "Keeps the Services, EndpointSlices and Endpoints of NetServices in step with the pods.",
    footer = {
      "",
      "It takes least memory and time when it is started with the options beside the jar:",
      "  java @jvm.options -jar netservice-syncer.jar"
    })
public final class Main extends Program {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  /** How soon a connection is noticed whose other end vanished without a word. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** How long the answer to a write may take. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

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

  public static void main(String[] args) {
    Program.main(new Main(), args);
  }

  @Override
  public Integer call() throws Exception {
    if (workers < 1 || workers > 64) {
      throw new IllegalArgumentException("--workers " + workers + ": must be from 1 to 64");
    }
    Planner planner = new Planner(new PlannerSettings(maxEndpointsPerSlice, endpoints));
    ApiServer server = new ApiServer(clientConfig());
    List<AutoCloseable> started = new ArrayList<>();
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
    try {
      ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "retry-timer"));
      started.add(timer::shutdownNow);
      WorkQueue queue = new WorkQueue(timer, Duration.ofSeconds(30));
      SyncerMetrics.queueDepth(queue::depth);

      Connections connections = add(started, new Connections(server, timer, HEARTBEAT));
      PodWatches pods = add(started, new PodWatches(connections, timer, queue::addChange));
      ClusterState state =
          add(started, new ClusterState(connections, timer, queue::add, pods::nodeChanged));
      started.add(
          StatusServer.start(
              bindAddress,
              metricsPort,
              () -> true,
              () ->
                  state.inStep() && pods.inStep()
                      ? Optional.empty()
                      : Optional.of("caches are not in step")));

      log.info("watching the cluster at {}", server.uri(""));
      state.start();

      Applier applier = new Applier(add(started, new ApiClient(server, workers, ANSWER)), state);
      Reconciler reconciler = new Reconciler(queue, state, pods, planner, applier);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        Thread thread = daemon(reconciler, "reconciler-" + i);
        thread.start();
        threads.add(thread);
      }
      started.add(
          () -> {
            queue.close();
            for (Thread thread : threads) {
              thread.join(Duration.ofSeconds(5).toMillis());
            }
          });
      stop.await();
      log.info("stopping");
    } finally {
      Program.closeAll(started);
      stopped.countDown();
    }
    return 0;
  }

  private static <T extends AutoCloseable> T add(List<AutoCloseable> started, T resource) {
    started.add(resource);
    return resource;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
