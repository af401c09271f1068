package io.netservice.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a certificate is made anew, and the reason that is given. */
class RenewalTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> HOSTS = List.of("webhook.system.svc", "127.0.0.1");
  private static final String NO_PEM = "nonsense";
  private static final String NO_BASE64_KEY =
      "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n";
  private static final String NO_KEY =
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  private static final String NO_CERTIFICATE =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  private static final Issuer ISSUER = new Issuer(Clock.fixed(START, ZoneOffset.UTC));

  /** The texts of a Secret, good ones to begin with. */
  private static final class Data {
    private final Map<String, String> texts = new HashMap<>();

    static Data fresh() throws Exception {
      KeyAndCertificate authority = ISSUER.authority(Duration.ofDays(3650));
      KeyAndCertificate server = ISSUER.server(authority, HOSTS, Duration.ofDays(90));
      return new Data()
          .with("ca.crt", authority.certificatePem())
          .with("ca.key", authority.keyPem())
          .with("tls.crt", server.certificatePem())
          .with("tls.key", server.keyPem());
    }

    Data with(String key, String text) {
      texts.put(key, text);
      return this;
    }

    Data without(String key) {
      texts.remove(key);
      return this;
    }

    Data from(Data other, String... keys) {
      for (String key : keys) {
        texts.put(key, other.texts.get(key));
      }
      return this;
    }
  }

  private static Instant day(int days) {
    return START.plus(Duration.ofDays(days));
  }

  private static Arguments good(String behaviour, Data data, Instant now) {
    return argumentSet(behaviour, data, now);
  }

  private static Arguments bad(String behaviour, Data data, Instant now, String reason) {
    return argumentSet(behaviour, data, now, reason);
  }

  private static Arguments bad(String behaviour, Data data, String reason) {
    return bad(behaviour, data, START, reason);
  }

  static Stream<Arguments> inOrder() throws Exception {
    return Stream.of(
        good("just made", Data.fresh(), START),
        good("short of two thirds of its life", Data.fresh(), day(59)),
        good("clock is four minutes behind", Data.fresh(), START.minus(Duration.ofMinutes(4))),
        good("text around the certificate", around(Data.fresh()), START));
  }

  private static Data around(Data data) {
    return data.with("tls.crt", "# ours\n" + data.texts.get("tls.crt") + "\n");
  }

  static Stream<Arguments> serverIsMadeAnew() throws Exception {
    return Stream.of(
        bad("two thirds of its life are over", Data.fresh(), day(60), "is past two thirds"),
        bad("expired", Data.fresh(), day(90), "it expired at 2026-04-01T00:00:00Z"),
        bad("no key", Data.fresh().without("tls.key"), "there is no tls.key"),
        bad("blank key", Data.fresh().with("tls.key", " \n"), "there is no tls.key"),
        bad("no certificate", Data.fresh().without("tls.crt"), "there is no tls.crt"),
        bad(
            "key is no PEM",
            Data.fresh().with("tls.key", NO_PEM),
            "tls.crt and tls.key: the key is not a PKCS#8 private key in PEM"),
        bad(
            "key is no base64",
            Data.fresh().with("tls.key", NO_BASE64_KEY),
            "the key can't be read"),
        bad("key is no key", Data.fresh().with("tls.key", NO_KEY), "tls.crt and tls.key: "),
        bad("key is RSA", Data.fresh().with("tls.key", rsaKey()), "tls.crt and tls.key: "),
        bad(
            "certificate in place of the key",
            Data.fresh().with("tls.key", Data.fresh().texts.get("tls.crt")),
            "the key is not a PKCS#8 private key in PEM"),
        bad(
            "certificate is no PEM",
            Data.fresh().with("tls.crt", NO_PEM),
            "tls.crt and tls.key: there is no certificate in it"),
        bad(
            "certificate is no certificate",
            Data.fresh().with("tls.crt", NO_CERTIFICATE),
            "tls.crt and tls.key: the certificate can't be read"),
        bad("certificate is cut off", cutOff(Data.fresh(), "tls.crt"), "tls.crt and tls.key: "),
        bad("key is cut off", cutOff(Data.fresh(), "tls.key"), "tls.crt and tls.key: "),
        bad(
            "key of another certificate",
            Data.fresh().from(Data.fresh(), "tls.key"),
            "the key does not belong to the certificate"),
        bad(
            "signed by another CA",
            Data.fresh().from(Data.fresh(), "ca.crt", "ca.key"),
            "it was not signed by the CA in the Secret"),
        bad(
            "begins in the future",
            notYet(Data.fresh()),
            START,
            "it begins only at 2026-01-10T23:55:00Z"),
        bad(
            "does not speak for a host",
            otherHosts(Data.fresh(), List.of("127.0.0.1")),
            "it does not speak for webhook.system.svc"),
        bad(
            "does not speak for an address",
            otherHosts(Data.fresh(), List.of("webhook.system.svc", "127.0.0.2")),
            "it does not speak for 127.0.0.1"));
  }

  static Stream<Arguments> allIsMadeAnew() throws Exception {
    return Stream.of(
        bad("nothing there", new Data(), "there is no ca.crt"),
        bad("no CA", Data.fresh().without("ca.crt"), "there is no ca.crt"),
        bad("no key of the CA", Data.fresh().without("ca.key"), "there is no ca.key"),
        bad("CA is no PEM", Data.fresh().with("ca.crt", NO_PEM), "ca.crt and ca.key: "),
        bad("CA is cut off", cutOff(Data.fresh(), "ca.crt"), "ca.crt and ca.key: "),
        bad(
            "key of the CA is no base64",
            Data.fresh().with("ca.key", NO_BASE64_KEY),
            "ca.crt and ca.key: the key can't be read"),
        bad(
            "key of another CA",
            Data.fresh().from(Data.fresh(), "ca.key"),
            "ca.crt and ca.key: the key does not belong to the certificate"),
        bad("CA is no CA", selfAsAuthority(Data.fresh()), "ca.crt is not the certificate of a CA"),
        bad(
            "CA's life is two thirds over",
            Data.fresh(),
            day(2434),
            "the CA is past two thirds of its life"),
        bad("CA expired", Data.fresh(), day(3650), "the CA expired at "),
        bad("CA not yet valid", Data.fresh(), day(-1), "the CA begins only at "));
  }

  private static Data cutOff(Data data, String key) {
    String text = data.texts.get(key);
    return data.with(key, text.substring(0, text.length() / 2));
  }

  private static Data notYet(Data data) throws Exception {
    return sign(data, new Issuer(Clock.fixed(day(10), ZoneOffset.UTC)), HOSTS);
  }

  private static Data otherHosts(Data data, List<String> hosts) throws Exception {
    return sign(data, ISSUER, hosts);
  }

  private static Data sign(Data data, Issuer issuer, List<String> hosts) throws Exception {
    KeyAndCertificate authority =
        KeyAndCertificate.parse(data.texts.get("ca.key"), data.texts.get("ca.crt"));
    KeyAndCertificate server = issuer.server(authority, hosts, Duration.ofDays(90));
    return data.with("tls.crt", server.certificatePem()).with("tls.key", server.keyPem());
  }

  private static Data selfAsAuthority(Data data) {
    return data.with("ca.crt", data.texts.get("tls.crt")).with("ca.key", data.texts.get("tls.key"));
  }

  private static String rsaKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return KeyAndCertificate.pem(
        new PemObject("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded()));
  }

  @ParameterizedTest
  @MethodSource
  void inOrder(Data data, Instant now) {
    assertInstanceOf(Renewal.InOrder.class, Renewal.of(data.texts, HOSTS, now));
  }

  @ParameterizedTest
  @MethodSource
  void serverIsMadeAnew(Data data, Instant now, String reason) {
    Renewal.NewCertificate renewal =
        assertInstanceOf(Renewal.NewCertificate.class, Renewal.of(data.texts, HOSTS, now));
    assertTrue(renewal.reason().contains(reason), renewal::reason);
    assertEquals(data.texts.get("ca.crt"), renewal.authority().certificatePem());
  }

  @ParameterizedTest
  @MethodSource
  void allIsMadeAnew(Data data, Instant now, String reason) {
    Renewal.NewAuthority renewal =
        assertInstanceOf(Renewal.NewAuthority.class, Renewal.of(data.texts, HOSTS, now));
    assertTrue(renewal.reason().contains(reason), renewal::reason);
  }

  @ParameterizedTest
  @MethodSource("allIsMadeAnew")
  void nextAuthorityTakesThePlaceOfOneThatIsNotUsable(Data data, Instant now, String reason)
      throws Exception {
    KeyAndCertificate next =
        new Issuer(Clock.fixed(now, ZoneOffset.UTC)).authority(Duration.ofDays(3650));
    Data texts = data.with("next-ca.crt", next.certificatePem()).with("next-ca.key", next.keyPem());
    Renewal.NextAuthority renewal =
        assertInstanceOf(Renewal.NextAuthority.class, Renewal.of(texts.texts, HOSTS, now));
    assertTrue(renewal.reason().contains(reason), renewal::reason);
    assertEquals(next.certificate(), renewal.next().certificate());
  }

  /** What a machine does whose clock is wrong must not undo what one did whose clock is right. */
  @ParameterizedTest
  @ValueSource(ints = {-4, -1, 0, 1, 4})
  void clockThatIsOffByMinutesFindsAllInOrder(int minutes) throws Exception {
    assertInstanceOf(
        Renewal.InOrder.class,
        Renewal.of(Data.fresh().texts, HOSTS, START.plus(Duration.ofMinutes(minutes))));
  }

  @Test
  void nextAuthorityThatIsNotUsableIsMadeAnew() throws Exception {
    Data data = Data.fresh().without("ca.key").with("next-ca.crt", NO_PEM).with("next-ca.key", "");
    assertInstanceOf(Renewal.NewAuthority.class, Renewal.of(data.texts, HOSTS, START));
  }

  @Test
  void lifeOfSecondsIsRenewedAtTwoThirdsOfItToo() throws Exception {
    KeyAndCertificate authority = ISSUER.authority(Duration.ofSeconds(9));
    assertEquals(START.plusSeconds(6), Age.of(authority.certificate(), START).due());
  }
}
