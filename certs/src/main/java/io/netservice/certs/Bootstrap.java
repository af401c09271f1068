package io.netservice.certs;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
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

  private final KubernetesClient client;
  private final Settings settings;
  private final Clock clock;
  private final Consumer<String> out;

  Bootstrap(KubernetesClient client, Settings settings, Clock clock, Consumer<String> out) {
    this.client = client;
    this.settings = settings;
    this.clock = clock;
    this.out = out;
  }

  /** Does it; true if anything was written. */
  boolean run() throws GeneralSecurityException {
    Outcome secret = retried(this::secret);
    boolean mutating =
        retried(
            () ->
                trust(
                    client
                        .admissionRegistration()
                        .v1()
                        .mutatingWebhookConfigurations()
                        .withName(settings.webhookConfiguration),
                    "MutatingWebhookConfiguration",
                    Bootstrap::clientConfigs,
                    secret.authority));
    boolean validating =
        retried(
            () ->
                trust(
                    client
                        .admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withName(settings.webhookConfiguration),
                    "ValidatingWebhookConfiguration",
                    Bootstrap::validatingClientConfigs,
                    secret.authority));
    return secret.written || mutating || validating;
  }

  private record Outcome(String authority, boolean written) {}

  private interface Step<T> {
    T run() throws GeneralSecurityException;
  }

  /** Somebody else wrote meanwhile: read anew and decide anew. */
  private static <T> T retried(Step<T> step) throws GeneralSecurityException {
    for (int tries = 1; ; tries++) {
      try {
        return step.run();
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private Outcome secret() throws GeneralSecurityException {
    String name = "secret " + settings.namespace + "/" + settings.secret;
    Secret present =
        client.secrets().inNamespace(settings.namespace).withName(settings.secret).get();
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
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withNamespace(settings.namespace)
                  .withName(settings.secret)
                  .endMetadata()
                  .withType("kubernetes.io/tls")
                  .withData(wanted)
                  .build())
          .create();
      out.accept(name + ": created");
    } else {
      Map<String, String> merged =
          new HashMap<>(present.getData() == null ? Map.of() : present.getData());
      merged.putAll(wanted);
      client
          .resource(new SecretBuilder(present).withData(merged).build())
          .lockResourceVersion(present.getMetadata().getResourceVersion())
          .update();
      out.accept(name + ": certificate made anew, because " + reason);
    }
    return new Outcome(authority.certificatePem(), true);
  }

  private <T extends HasMetadata> boolean trust(
      Resource<T> resource,
      String kind,
      Function<T, List<WebhookClientConfig>> clientConfigs,
      String authority)
      throws GeneralSecurityException {
    String name = kind + " " + settings.webhookConfiguration;
    T configuration = resource.get();
    if (configuration == null) {
      throw new IllegalStateException(
          name + " does not exist: apply the install before its certificates");
    }
    boolean changed = false;
    for (WebhookClientConfig config : clientConfigs.apply(configuration)) {
      String wanted = encoded(bundle(config.getCaBundle(), authority));
      if (!wanted.equals(config.getCaBundle())) {
        config.setCaBundle(wanted);
        changed = true;
      }
    }
    if (changed) {
      client
          .resource(configuration)
          .lockResourceVersion(configuration.getMetadata().getResourceVersion())
          .update();
    }
    out.accept(name + ": " + (changed ? "caBundle set" : "in order"));
    return changed;
  }

  /**
   * The CA, and behind it those that were trusted before and have not expired: a webhook that still
   * serves its old certificate is not cut off.
   */
  private String bundle(String present, String authority) throws GeneralSecurityException {
    StringBuilder bundle = new StringBuilder(authority);
    X509Certificate current = KeyAndCertificate.certificates(authority).get(0);
    String old =
        present == null || present.isBlank()
            ? ""
            : new String(Base64.getMimeDecoder().decode(present), StandardCharsets.UTF_8);
    List<X509Certificate> trusted;
    try {
      trusted = KeyAndCertificate.certificates(old);
    } catch (GeneralSecurityException unreadable) {
      trusted = List.of(); // What the API server can't read either is nobody's trust.
    }
    Instant now = clock.instant();
    for (X509Certificate each : trusted) {
      boolean ours =
          each.getSubjectX500Principal().getName().startsWith("CN=NetService webhook CA");
      if (ours && !each.equals(current) && each.getNotAfter().toInstant().isAfter(now)) {
        bundle.append(KeyAndCertificate.pem(each));
      }
    }
    return bundle.toString();
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
      secret
          .getData()
          .forEach(
              (key, value) ->
                  result.put(
                      key,
                      new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return result;
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
