package io.netservice.certs;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.netservice.runtime.Program;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code netservice-certs bootstrap}. */
@Command(
    name = "bootstrap",
    description = {
      "Makes a CA and a serving certificate, writes them to a Secret and makes the API server",
      "trust the webhook. Run again it changes nothing while all is well, and repairs what is not."
    })
final class BootstrapCommand extends Program {

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "netservice-system",
      description = "The namespace of the webhook. Default: ${DEFAULT-VALUE}.")
  private String namespace;

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      defaultValue = "netservice-webhook-tls",
      description = "The Secret to write. Default: ${DEFAULT-VALUE}.")
  private String secret;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "netservice-webhook",
      description = "The Service of the webhook. Default: ${DEFAULT-VALUE}.")
  private String service;

  @Option(
      names = "--webhook-configuration",
      paramLabel = "NAME",
      defaultValue = "netservice",
      description =
          "The name of both webhook configurations that are to trust the CA. Default:"
              + " ${DEFAULT-VALUE}.")
  private String webhookConfiguration;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      split = ",",
      description =
          "Another DNS name or IP address under which the API server reaches the webhook, beside the"
              + " DNS names of the Service, which the certificate always has; may be repeated.")
  private List<String> hosts = List.of();

  @Option(
      names = "--ca-lifetime",
      paramLabel = "DURATION",
      defaultValue = "3650d",
      converter = Lifetime.class,
      description = "How long the CA lives, as 3650d, 12h, 90m or 30s. Default: ${DEFAULT-VALUE}.")
  private Duration authorityLifetime;

  @Option(
      names = "--lifetime",
      paramLabel = "DURATION",
      defaultValue = "365d",
      converter = Lifetime.class,
      description =
          "How long the certificate lives, at most as long as the CA. Default: ${DEFAULT-VALUE}.")
  private Duration lifetime;

  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = Lifetime.class,
      description =
          "How long API servers may take to learn that they are to trust a new CA, before the first"
              + " certificate by it is published. Default: ${DEFAULT-VALUE}.")
  private Duration settle;

  @Override
  public Integer call() throws Exception {
    if (lifetime.compareTo(authorityLifetime) > 0) {
      // Nobody would trust it any more once its CA has expired.
      throw new IllegalArgumentException(
          "--lifetime "
              + Lifetime.text(lifetime)
              + ": must be at most as long as --ca-lifetime, which is "
              + Lifetime.text(authorityLifetime));
    }
    var settings =
        new Bootstrap.Settings(
            namespace,
            secret,
            webhookConfiguration,
            Hosts.ofWebhook(service, namespace, Hosts.checked(hosts)),
            authorityLifetime,
            lifetime,
            settle);
    try (KubernetesClient client = client()) {
      boolean written =
          new Bootstrap(
                  new ApiServer(client),
                  settings,
                  Clock.systemUTC(),
                  time -> Thread.sleep(time.toMillis()),
                  System.out::println)
              .run();
      if (!written) {
        System.out.println("nothing to do");
      }
    }
    return 0;
  }
}
