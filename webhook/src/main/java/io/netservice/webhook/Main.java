package io.netservice.webhook;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.netservice.runtime.Program;
import io.netservice.runtime.StatusServer;
import io.netservice.webhook.admission.AdmissionHandler;
import io.netservice.webhook.tls.CertificateWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the webhook and stops it in reverse when the process is told to end. */
@Command(
    name = "netservice-webhook",
    description = "Admission webhook for NetServices: completes and checks what is stored.")
public final class Main extends Program {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  /** A Secret takes a minute to reach the files; a second more is nothing. */
  private static final Duration LOOK_AT_FILES = Duration.ofSeconds(1);

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

  public static void main(String[] args) {
    Program.main(new Main(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<AutoCloseable> started = new ArrayList<>();
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      KubernetesClient client =
          new KubernetesClientBuilder().withConfig(ApiServerLookup.bounded(clientConfig())).build();
      started.add(client);
      ApiServerLookup lookup = new ApiServerLookup(client);
      WebhookServer server =
          WebhookServer.start(
              bindAddress,
              port,
              AdmissionHandler.mutating(),
              AdmissionHandler.validating(lookup, lookup));
      started.add(server);
      CertificateWatcher certificate =
          new CertificateWatcher(tlsCert, tlsKey, LOOK_AT_FILES, server::use);
      started.add(certificate);
      certificate.start();
      started.add(StatusServer.start(bindAddress, metricsPort, () -> true, certificate::notReady));
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
                    closeAll(started);
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
