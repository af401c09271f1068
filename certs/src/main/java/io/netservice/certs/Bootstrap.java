package io.netservice.certs;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings the Secret and both webhook configurations into a state in which the API server trusts the
 * webhook, and writes nothing when they are in it. Two runs at once can't leave a mismatched pair:
 * the Secret is written whole, and only as it was read.
 */
final class Bootstrap {

  private static final int TRIES = 5;

  /** What to bring about. */
  record Settings(
      String namespace,
      String secret,
      String webhookConfiguration,
      List<String> hosts,
      Duration authorityLifetime,
      Duration lifetime) {}

  private final Cluster cluster;
  private final Settings settings;
  private final Clock clock;
  private final Consumer<String> out;

  Bootstrap(Cluster cluster, Settings settings, Clock clock, Consumer<String> out) {
    this.cluster = cluster;
    this.settings = settings;
    this.clock = clock;
    this.out = out;
  }

  /**
   * Does it; true if anything was written.
   *
   * @throws ClusterException if a request failed
   * @throws IllegalStateException if what is there can't be made good by this
   */
  boolean run() throws GeneralSecurityException {
    String name = settings.webhookConfiguration;
    Outcome secret = retried(this::secret);
    boolean mutating =
        retried(
            () ->
                trust(
                    "MutatingWebhookConfiguration " + name,
                    cluster.mutating(name),
                    Bootstrap::clientConfigs,
                    secret.authority));
    boolean validating =
        retried(
            () ->
                trust(
                    "ValidatingWebhookConfiguration " + name,
                    cluster.validating(name),
                    Bootstrap::validatingClientConfigs,
                    secret.authority));
    return secret.written || mutating || validating;
  }

  private record Outcome(String authority, boolean written) {}

  private interface Step<T> {
    T run() throws GeneralSecurityException;
  }

  /** Somebody else wrote or deleted meanwhile: read anew and decide anew. */
  private static <T> T retried(Step<T> step) throws GeneralSecurityException {
    for (int tries = 1; ; tries++) {
      try {
        return step.run();
      } catch (ClusterException e) {
        if (!e.isRace() || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private Outcome secret() throws GeneralSecurityException {
    String name = "Secret " + settings.namespace + "/" + settings.secret;
    Secret present = cluster.secret(settings.namespace, settings.secret).orElse(null);
    if (present != null && !"kubernetes.io/tls".equals(present.getType())) {
      throw new IllegalStateException(
          name + " is of type " + present.getType() + ", must be kubernetes.io/tls: is it yours?");
    }
    Map<String, String> data = present == null ? Map.of() : decoded(present);
    Instant now = clock.instant();
    Renewal renewal = Renewal.of(data, settings.hosts, now);
    if (renewal.serverReason().isEmpty()) {
      X509Certificate certificate = KeyAndCertificate.certificates(data.get("tls.crt")).get(0);
      out.accept(name + ": in order, until " + certificate.getNotAfter().toInstant());
      return new Outcome(data.get(Renewal.CA_CERTIFICATE), false);
    }
    Issuer issuer = new Issuer(clock);
    KeyAndCertificate authority =
        renewal.authority().isPresent()
            ? renewal.authority().get()
            : issuer.authority(settings.authorityLifetime);
    KeyAndCertificate server = issuer.server(authority, settings.hosts, settings.lifetime);
    Map<String, String> wanted = new TreeMap<>();
    wanted.put(Renewal.CERTIFICATE, server.certificatePem());
    wanted.put(Renewal.KEY, server.keyPem());
    wanted.put(Renewal.CA_CERTIFICATE, authority.certificatePem());
    wanted.put(Renewal.CA_KEY, authority.keyPem());
    wanted.replaceAll((key, text) -> encoded(text));

    String reason = renewal.authorityReason().or(renewal::serverReason).orElseThrow();
    if (present == null) {
      cluster.create(
          new SecretBuilder()
              .withNewMetadata()
              .withNamespace(settings.namespace)
              .withName(settings.secret)
              .endMetadata()
              .withType("kubernetes.io/tls")
              .withData(wanted)
              .build());
      out.accept(name + ": created");
    } else {
      Map<String, String> merged =
          new HashMap<>(present.getData() == null ? Map.of() : present.getData());
      merged.putAll(wanted);
      cluster.update(new SecretBuilder(present).withData(merged).build());
      out.accept(name + ": certificate made anew, because " + reason);
    }
    return new Outcome(authority.certificatePem(), true);
  }

  private <T extends HasMetadata> boolean trust(
      String name,
      Optional<T> present,
      Function<T, List<WebhookClientConfig>> clientConfigs,
      String authority)
      throws GeneralSecurityException {
    T configuration =
        present.orElseThrow(
            () ->
                new IllegalStateException(
                    name + " does not exist: apply the install before its certificates"));
    boolean changed = false;
    for (WebhookClientConfig config : clientConfigs.apply(configuration)) {
      String wanted = CaBundle.with(authority, config.getCaBundle(), clock.instant());
      if (!wanted.equals(config.getCaBundle())) {
        config.setCaBundle(wanted);
        changed = true;
      }
    }
    if (changed) {
      cluster.update(configuration);
    }
    out.accept(name + ": " + (changed ? "caBundle set" : "in order"));
    return changed;
  }

  private static List<WebhookClientConfig> clientConfigs(MutatingWebhookConfiguration of) {
    return of.getWebhooks().stream().map(webhook -> webhook.getClientConfig()).toList();
  }

  private static List<WebhookClientConfig> validatingClientConfigs(
      ValidatingWebhookConfiguration of) {
    return of.getWebhooks().stream().map(webhook -> webhook.getClientConfig()).toList();
  }

  private static Map<String, String> decoded(Secret secret) {
    Map<String, String> result = new HashMap<>();
    if (secret.getData() != null) {
      secret.getData().forEach((key, value) -> result.put(key, decoded(value)));
    }
    return result;
  }

  /** An empty value comes as null when it was written as null. */
  private static String decoded(String value) {
    return value == null
        ? ""
        : new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
