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
import java.util.ArrayList;
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
 * webhook, and writes nothing when they are in it. It goes step by step, each on what is there by
 * then: see {@link Renewal}. Two runs at once can't leave a mismatched pair: the Secret is written
 * whole, and only as it was read; the one who comes second goes on with what the first has made.
 */
final class Bootstrap {

  private static final String TYPE = "kubernetes.io/tls";

  /** A CA that is made, trusted and put in place is three; the others are lost to other writers. */
  private static final int STEPS = 8;

  /** What to bring about. */
  record Settings(
      String namespace,
      String secret,
      String webhookConfiguration,
      List<String> hosts,
      Duration authorityLifetime,
      Duration lifetime,
      Duration settle) {}

  /** Lets time pass. */
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private final Cluster cluster;
  private final Settings settings;
  private final Clock clock;
  private final Pause pause;
  private final Consumer<String> out;
  private final Issuer issuer;

  Bootstrap(Cluster cluster, Settings settings, Clock clock, Pause pause, Consumer<String> out) {
    this.cluster = cluster;
    this.settings = settings;
    this.clock = clock;
    this.pause = pause;
    this.out = out;
    this.issuer = new Issuer(clock);
  }

  /**
   * Does it; true if anything was written.
   *
   * @throws ClusterException if a request failed
   * @throws IllegalStateException if what is there can't be made good by this
   */
  boolean run() throws GeneralSecurityException, InterruptedException {
    Done done = new Done();
    for (int steps = 1; ; steps++) {
      try {
        if (step(done)) {
          return done.written;
        }
      } catch (ClusterException e) {
        // Somebody else wrote or deleted meanwhile: read anew and decide anew.
        if (!e.isRace() || steps == STEPS) {
          throw e;
        }
      }
      if (steps == STEPS) {
        throw new IllegalStateException(
            secretName() + " is not in order after " + STEPS + " steps: somebody undoes them");
      }
    }
  }

  private static final class Done {
    private boolean written;
  }

  /** True if that was the last. */
  private boolean step(Done done) throws GeneralSecurityException, InterruptedException {
    Secret secret = cluster.secret(settings.namespace, settings.secret).orElse(null);
    if (secret == null) {
      KeyAndCertificate authority = issuer.authority(settings.authorityLifetime);
      apply(null, inPlace(authority), "created", done);
      return false;
    } else if (!TYPE.equals(secret.getType())) {
      throw new IllegalStateException(
          secretName()
              + " is of type "
              + secret.getType()
              + ", must be "
              + TYPE
              + ": is it yours?");
    }
    Map<String, String> data = decoded(secret);
    Renewal renewal = Renewal.of(data, settings.hosts, clock.instant());
    if (renewal instanceof Renewal.InOrder inOrder) {
      trust(List.of(inOrder.authority()), done, true);
      out.accept(
          secretName() + ": in order, until " + inOrder.certificate().getNotAfter().toInstant());
      return true;
    } else if (renewal instanceof Renewal.NewCertificate wanted) {
      trust(List.of(wanted.authority().certificate()), done, false);
      apply(
          secret,
          inPlace(wanted.authority()),
          "certificate made anew, because " + wanted.reason(),
          done);
    } else if (renewal instanceof Renewal.NewAuthority wanted) {
      Map<String, String> next = new TreeMap<>(data);
      next.keySet().retainAll(Renewal.KEYS);
      next.putAll(asNext(issuer.authority(settings.authorityLifetime)));
      apply(secret, next, "next CA made, because " + wanted.reason(), done);
    } else if (renewal instanceof Renewal.NextAuthority wanted) {
      List<X509Certificate> both = new ArrayList<>();
      wanted.present().ifPresent(both::add);
      both.add(wanted.next().certificate());
      trust(both, done, false);
      out.accept(
          "waiting "
              + Lifetime.text(settings.settle)
              + " for API servers to learn that they are to trust the next CA");
      pause.of(settings.settle);
      apply(
          secret,
          inPlace(wanted.next()),
          "CA and certificate made anew, because " + wanted.reason(),
          done);
    }
    return false;
  }

  /** The data with {@code authority} as the CA and a certificate by it. */
  private Map<String, String> inPlace(KeyAndCertificate authority) throws GeneralSecurityException {
    KeyAndCertificate server = issuer.server(authority, settings.hosts, settings.lifetime);
    return Map.of(
        Renewal.CERTIFICATE, server.certificatePem(),
        Renewal.KEY, server.keyPem(),
        Renewal.CA_CERTIFICATE, authority.certificatePem(),
        Renewal.CA_KEY, authority.keyPem());
  }

  private static Map<String, String> asNext(KeyAndCertificate authority) {
    return Map.of(
        Renewal.NEXT_CA_CERTIFICATE, authority.certificatePem(),
        Renewal.NEXT_CA_KEY, authority.keyPem());
  }

  private void apply(Secret present, Map<String, String> data, String said, Done done) {
    Map<String, String> encoded = new TreeMap<>(data);
    encoded.replaceAll((key, text) -> encoded(text));
    cluster.apply(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(settings.namespace)
            .withName(settings.secret)
            .withResourceVersion(
                present == null ? null : present.getMetadata().getResourceVersion())
            .endMetadata()
            .withType(TYPE)
            .withData(encoded)
            .build());
    done.written = true;
    out.accept(secretName() + ": " + said);
  }

  private String secretName() {
    return "Secret " + settings.namespace + "/" + settings.secret;
  }

  /** Has both webhook configurations trust {@code authorities}. */
  private void trust(List<X509Certificate> authorities, Done done, boolean last) {
    String name = settings.webhookConfiguration;
    done.written |=
        trust(
            "MutatingWebhookConfiguration " + name,
            cluster.mutating(name),
            Bootstrap::clientConfigs,
            authorities,
            last);
    done.written |=
        trust(
            "ValidatingWebhookConfiguration " + name,
            cluster.validating(name),
            Bootstrap::validatingClientConfigs,
            authorities,
            last);
  }

  private <T extends HasMetadata> boolean trust(
      String name,
      Optional<T> present,
      Function<T, List<WebhookClientConfig>> clientConfigs,
      List<X509Certificate> authorities,
      boolean last) {
    T configuration =
        present.orElseThrow(
            () ->
                new IllegalStateException(
                    name + " does not exist: apply the install before its certificates"));
    boolean changed = false;
    for (WebhookClientConfig config : clientConfigs.apply(configuration)) {
      String wanted =
          CaBundle.with(authorities, config.getCaBundle(), settings.lifetime, clock.instant());
      if (!wanted.equals(config.getCaBundle())) {
        config.setCaBundle(wanted);
        changed = true;
      }
    }
    if (changed) {
      cluster.update(configuration);
      out.accept(name + ": caBundle set");
    } else if (last) {
      out.accept(name + ": in order");
    }
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
