package io.netservice.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a certificate is made anew, and the reason that is given. */
class RenewalTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> HOSTS = List.of("webhook.system.svc", "127.0.0.1");

  private final Issuer issuer = new Issuer(Clock.fixed(START, ZoneOffset.UTC));

  private Map<String, String> fresh() throws Exception {
    KeyAndCertificate authority = issuer.authority(Duration.ofDays(3650));
    return data(authority, issuer.server(authority, HOSTS, Duration.ofDays(90)));
  }

  private static Map<String, String> data(KeyAndCertificate authority, KeyAndCertificate server) {
    Map<String, String> data = new HashMap<>();
    data.put("ca.crt", authority.certificatePem());
    data.put("ca.key", authority.keyPem());
    data.put("tls.crt", server.certificatePem());
    data.put("tls.key", server.keyPem());
    return data;
  }

  private static void serverAnew(Map<String, String> data, Instant now, String reason) {
    Renewal renewal = Renewal.of(data, HOSTS, now);
    assertTrue(renewal.authority().isPresent(), renewal.authorityReason()::toString);
    assertTrue(
        renewal.serverReason().orElse("").contains(reason), renewal.serverReason()::toString);
  }

  private static void allAnew(Map<String, String> data, Instant now, String reason) {
    Renewal renewal = Renewal.of(data, HOSTS, now);
    assertTrue(renewal.authority().isEmpty());
    assertTrue(
        renewal.authorityReason().orElse("").contains(reason), renewal.authorityReason()::toString);
  }

  @Test
  void allIsWell() throws Exception {
    Renewal renewal = Renewal.of(fresh(), HOSTS, START.plus(Duration.ofDays(59)));
    assertEquals(Optional.empty(), renewal.serverReason());
    assertEquals(Optional.empty(), renewal.authorityReason());
  }

  @Test
  void twoThirdsOfItsLifeAreOver() throws Exception {
    serverAnew(fresh(), START.plus(Duration.ofDays(61)), "two thirds");
    allAnew(fresh(), START.plus(Duration.ofDays(2500)), "two thirds");
  }

  @Test
  void itHasExpiredOrNotBegun() throws Exception {
    serverAnew(fresh(), START.plus(Duration.ofDays(91)), "expired");
    allAnew(fresh(), START.minus(Duration.ofHours(1)), "begins only");
  }

  @Test
  void clockThatIsMinutesBehindDoesNoHarm() throws Exception {
    assertEquals(
        Optional.empty(),
        Renewal.of(fresh(), HOSTS, START.minus(Duration.ofMinutes(4))).serverReason());
  }

  @Test
  void somethingIsMissing() throws Exception {
    allAnew(Map.of(), START, "no ca.crt");
    Map<String, String> noKey = fresh();
    noKey.remove("tls.key");
    serverAnew(noKey, START, "no tls.key");
  }

  @Test
  void pairsDoNotBelongTogether() throws Exception {
    Map<String, String> mixed = fresh();
    mixed.put("tls.key", fresh().get("tls.key"));
    serverAnew(mixed, START, "does not belong");
    Map<String, String> otherAuthority = fresh();
    Map<String, String> other = fresh();
    otherAuthority.put("ca.crt", other.get("ca.crt"));
    otherAuthority.put("ca.key", other.get("ca.key"));
    serverAnew(otherAuthority, START, "not signed by the CA");
  }

  @Test
  void hostIsNotInIt() throws Exception {
    Renewal renewal = Renewal.of(fresh(), List.of("127.0.0.1", "new.svc"), START);
    assertTrue(renewal.serverReason().orElse("").contains("new.svc"));
  }

  @Test
  void garbageIsMadeAnew() throws Exception {
    Map<String, String> garbage = fresh();
    garbage.put("tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    serverAnew(garbage, START, "tls.crt");
    garbage.put("ca.key", "nonsense");
    allAnew(garbage, START, "ca.crt and ca.key");
  }
}
