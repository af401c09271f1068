package io.netservice.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SETTLE = Duration.ofSeconds(7);
  private static final String SECRET = "Secret system/tls";
  private static final String MUTATING = "MutatingWebhookConfiguration netservice";
  private static final String VALIDATING = "ValidatingWebhookConfiguration netservice";

  private final FakeCluster cluster = FakeCluster.with("netservice");
  private final List<String> told = new ArrayList<>();
  private Instant now = START;

  private boolean run() throws Exception {
    told.clear();
    cluster.writes.clear();
    return bootstrap().run();
  }

  private Bootstrap bootstrap() {
    return new Bootstrap(
        cluster,
        new Bootstrap.Settings(
            "system",
            "tls",
            "netservice",
            List.of("webhook.system.svc"),
            Duration.ofDays(3650),
            Duration.ofDays(90),
            SETTLE),
        Clock.fixed(now, ZoneOffset.UTC),
        time -> cluster.writes.add("pause " + time.toSeconds()),
        told::add);
  }

  private Secret secret() {
    return cluster.secret("system", "tls").orElseThrow();
  }

  private String inSecret(String key) {
    return text(secret().getData().get(key));
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** The CA bundles of all three webhooks. */
  private List<WebhookClientConfig> clientConfigs() {
    List<WebhookClientConfig> configs = new ArrayList<>();
    cluster
        .mutating("netservice")
        .orElseThrow()
        .getWebhooks()
        .forEach(webhook -> configs.add(webhook.getClientConfig()));
    cluster
        .validating("netservice")
        .orElseThrow()
        .getWebhooks()
        .forEach(webhook -> configs.add(webhook.getClientConfig()));
    return configs;
  }

  private void assertTrusted() throws Exception {
    X509Certificate authority = KeyAndCertificate.certificates(inSecret("ca.crt")).get(0);
    KeyAndCertificate.parse(inSecret("tls.key"), inSecret("tls.crt"))
        .certificate()
        .verify(authority.getPublicKey());
    assertEquals(3, clientConfigs().size());
    for (WebhookClientConfig config : clientConfigs()) {
      assertEquals(authority, KeyAndCertificate.certificates(text(config.getCaBundle())).get(0));
    }
  }

  private Set<String> keys() {
    return secret().getData().keySet();
  }

  private void change(String key, String value) {
    Secret changed = secret();
    changed.getData().put(key, value);
    cluster.put(changed);
  }

  @Test
  void firstRunMakesEverything() throws Exception {
    assertTrue(run());
    assertEquals(
        List.of("create " + SECRET, "update " + MUTATING, "update " + VALIDATING), cluster.writes);
    assertEquals("kubernetes.io/tls", secret().getType());
    assertEquals(Set.of("ca.crt", "ca.key", "tls.crt", "tls.key"), keys());
    assertTrusted();
  }

  @Test
  void secondRunChangesNothing() throws Exception {
    run();
    assertFalse(run());
    assertEquals(List.of(), cluster.writes);
    assertEquals(
        List.of(
            MUTATING + ": in order",
            VALIDATING + ": in order",
            SECRET + ": in order, until 2026-04-01T00:00:00Z"),
        told);
  }

  @Test
  void agedCertificateIsMadeAnewByTheSameAuthority() throws Exception {
    run();
    String authority = inSecret("ca.crt");
    now = START.plus(Duration.ofDays(61));
    assertTrue(run());
    assertEquals(List.of("apply " + SECRET), cluster.writes);
    assertEquals(authority, inSecret("ca.crt"));
    assertTrue(told.get(0).contains("because it is past two thirds of its life"), told.get(0));
    assertTrusted();
  }

  @Test
  void newAuthorityIsStoredThenTrustedAndOnlyThenSigns() throws Exception {
    run();
    String old = inSecret("ca.crt");
    String served = inSecret("tls.crt");
    now = START.plus(Duration.ofDays(2500));
    cluster.afterWrite(
        "update " + VALIDATING,
        () -> {
          assertEquals(served, inSecret("tls.crt"), "the old one is served until the new is known");
          assertEquals(old, inSecret("ca.crt"));
          for (WebhookClientConfig config : clientConfigs()) {
            assertEquals(old + inSecret("next-ca.crt"), text(config.getCaBundle()));
          }
        });
    assertTrue(run());
    assertEquals(
        List.of(
            "apply " + SECRET,
            "update " + MUTATING,
            "update " + VALIDATING,
            "pause 7",
            "apply " + SECRET,
            "update " + MUTATING,
            "update " + VALIDATING),
        cluster.writes);
    assertEquals(Set.of("ca.crt", "ca.key", "tls.crt", "tls.key"), keys());
    assertTrusted();
  }

  @Test
  void oldAuthorityIsTrustedUntilAllThatItSignedHasExpired() throws Exception {
    run();
    String old = inSecret("ca.crt");
    Instant replaced = START.plus(Duration.ofDays(2500));
    now = replaced;
    run();
    for (Instant time : List.of(replaced, replaced.plus(Duration.ofDays(89)))) {
      now = time;
      run();
      for (WebhookClientConfig config : clientConfigs()) {
        assertEquals(inSecret("ca.crt") + old, text(config.getCaBundle()));
      }
    }
    now = replaced.plus(Duration.ofDays(90));
    run();
    for (WebhookClientConfig config : clientConfigs()) {
      assertEquals(inSecret("ca.crt"), text(config.getCaBundle()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update " + MUTATING,
        "update " + VALIDATING,
        "get " + VALIDATING,
        "apply " + SECRET
      })
  void whatWasLeftHalfDoneIsGoneOnWith(String refused) throws Exception {
    run();
    String served = inSecret("tls.crt");
    now = START.plus(Duration.ofDays(2500));
    cluster.refuseOnceNextIsStored(refused);
    assertThrows(ClusterException.class, this::run);
    assertEquals(served, inSecret("tls.crt"));
    String next = inSecret("next-ca.crt");

    cluster.refuse("");
    assertTrue(run());
    assertEquals(next, inSecret("ca.crt"));
    assertTrusted();
    assertFalse(run());
  }

  /** Wherever between the steps of one run another runs, both end with one pair that is trusted. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void anotherRunAtOnceLeavesOnePair(int write) throws Exception {
    run();
    now = START.plus(Duration.ofDays(2500));
    cluster.beforeWrite(write, () -> assertTrue(other()));
    run();
    assertTrusted();
    assertFalse(run());
  }

  @Test
  void anotherFirstRunAtOnceLeavesOnePair() throws Exception {
    cluster.beforeWrite(() -> assertTrue(other()));
    run();
    assertTrusted();
    assertFalse(run());
  }

  private boolean other() {
    try {
      return bootstrap().run();
    } catch (GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tls.crt, bm9uc2Vuc2U=",
    "tls.key, bm9uc2Vuc2U=",
    "tls.key, LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCiEhIQotLS0tLUVORCBQUklWQVRFIEtFWS0tLS0tCg==",
    "ca.crt, /////w==",
    "ca.key, AAAA",
    "tls.crt, ''",
    "tls.key,",
    "ca.crt,"
  })
  void unreadableEntryIsMadeAnew(String key, String value) throws Exception {
    run();
    change(key, value);
    assertTrue(run());
    assertTrue(cluster.writes.contains("apply " + SECRET), cluster.writes::toString);
    assertTrusted();
    assertFalse(run());
  }

  @Test
  void whatElseIsInTheSecretStays() throws Exception {
    cluster.put(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("system")
            .withName("tls")
            .addToLabels("team", "network")
            .endMetadata()
            .withType("kubernetes.io/tls")
            .withData(Map.of("extra", "eA==", "tls.crt", "", "tls.key", ""))
            .build());
    run();
    assertEquals("eA==", secret().getData().get("extra"));
    assertEquals(Set.of("extra", "ca.crt", "ca.key", "tls.crt", "tls.key"), keys());
    assertEquals(Map.of("team", "network"), secret().getMetadata().getLabels());
    assertTrusted();
  }

  @ParameterizedTest
  @ValueSource(strings = {MUTATING, VALIDATING})
  void missingCaBundleOfEitherConfigurationIsRepaired(String configuration) throws Exception {
    run();
    if (configuration.equals(MUTATING)) {
      MutatingWebhookConfiguration changed = cluster.mutating("netservice").orElseThrow();
      changed.getWebhooks().get(0).getClientConfig().setCaBundle(null);
      cluster.put(changed);
    } else {
      ValidatingWebhookConfiguration changed = cluster.validating("netservice").orElseThrow();
      changed.getWebhooks().get(1).getClientConfig().setCaBundle("bm9uc2Vuc2U=");
      cluster.put(changed);
    }
    assertTrue(run());
    assertEquals(List.of("update " + configuration), cluster.writes);
    assertTrue(told.contains(configuration + ": caBundle set"), told::toString);
    assertTrusted();
  }

  @Test
  void secretThatVanishesBeforeItIsWrittenIsMadeAnew() throws Exception {
    run();
    now = START.plus(Duration.ofDays(61));
    cluster.beforeWrite(() -> cluster.delete(SECRET));
    assertTrue(run());
    assertEquals(List.of("apply " + SECRET), cluster.writes);
    assertTrusted();
  }

  @Test
  void secretOfAnotherRunThatWasFasterIsUsed() throws Exception {
    run();
    Secret theirs = secret();
    cluster.delete(SECRET);
    cluster.beforeWrite(() -> cluster.put(theirs));
    run();
    assertEquals(theirs.getData(), secret().getData());
    assertEquals(List.of(), cluster.writes);
    assertTrusted();
  }

  @Test
  void configurationThatChangesMeanwhileIsReadAnew() throws Exception {
    run();
    MutatingWebhookConfiguration changed = cluster.mutating("netservice").orElseThrow();
    changed.getWebhooks().get(0).getClientConfig().setCaBundle(null);
    cluster.put(changed);
    changed.getMetadata().setLabels(Map.of("team", "network"));
    cluster.beforeWrite(() -> cluster.put(changed));
    run();
    assertEquals(
        Map.of("team", "network"),
        cluster.mutating("netservice").orElseThrow().getMetadata().getLabels());
    assertTrusted();
  }

  @Test
  void oneThatIsAlwaysFasterIsGivenInTo() {
    Runnable[] again = new Runnable[1];
    again[0] =
        () -> {
          cluster.put(cluster.mutating("netservice").orElseThrow());
          cluster.beforeWrite(again[0]);
        };
    cluster.beforeWrite(
        () -> cluster.beforeWrite(again[0])); // The Secret's write; then every other.
    ClusterException failure = assertThrows(ClusterException.class, this::run);
    assertEquals("can't update " + MUTATING + ": it has been modified", failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get " + SECRET,
        "create " + SECRET,
        "get " + MUTATING,
        "update " + MUTATING,
        "get " + VALIDATING,
        "update " + VALIDATING
      })
  void refusedRequestIsToldWithVerbAndObject(String request) {
    cluster.refuse(request);
    ClusterException failure = assertThrows(ClusterException.class, this::run);
    assertEquals("can't " + request + ": it is forbidden", failure.getMessage());
  }

  @Test
  void foreignSecretIsNotTouched() throws Exception {
    cluster.put(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("system")
            .withName("tls")
            .endMetadata()
            .withType("Opaque")
            .build());
    IllegalStateException failure = assertThrows(IllegalStateException.class, this::run);
    assertEquals(
        SECRET + " is of type Opaque, must be kubernetes.io/tls: is it yours?",
        failure.getMessage());
    assertEquals(List.of(), cluster.writes);
  }

  @Test
  void configurationThatIsNotInstalledIsTold() {
    cluster.delete(VALIDATING);
    IllegalStateException failure = assertThrows(IllegalStateException.class, this::run);
    assertEquals(
        VALIDATING + " does not exist: apply the install before its certificates",
        failure.getMessage());
  }
}
