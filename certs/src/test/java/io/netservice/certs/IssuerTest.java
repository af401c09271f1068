package io.netservice.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IssuerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** Positions in X509Certificate.getKeyUsage. */
  private static final int DIGITAL_SIGNATURE = 0;

  private static final int KEY_CERT_SIGN = 5;

  private final Issuer issuer = new Issuer(Clock.fixed(NOW, ZoneOffset.UTC));
  private KeyAndCertificate authority;
  private X509Certificate ca;
  private X509Certificate server;

  @BeforeEach
  void issue() throws Exception {
    authority = issuer.authority(Duration.ofDays(10));
    ca = authority.certificate();
    server =
        issuer
            .server(
                authority,
                List.of("webhook.system.svc", "10.0.0.1", "::ffff:10.0.0.2", "FD00::1"),
                Duration.ofHours(7))
            .certificate();
  }

  private static List<Integer> usages(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return IntStream.range(0, usage.length).filter(bit -> usage[bit]).boxed().toList();
  }

  @Test
  void keysAreP256() {
    for (X509Certificate certificate : List.of(ca, server)) {
      ECParameterSpec curve = ((ECPublicKey) certificate.getPublicKey()).getParams();
      assertTrue(curve.toString().contains("secp256r1"), curve::toString);
      assertEquals("SHA256withECDSA", certificate.getSigAlgName());
      assertEquals(3, certificate.getVersion());
    }
  }

  @Test
  void authoritySignsServersAndNoFurtherAuthorities() throws Exception {
    assertEquals(0, ca.getBasicConstraints(), "no authority below it");
    assertEquals(List.of(KEY_CERT_SIGN), usages(ca));
    assertNull(ca.getExtendedKeyUsage());
    assertEquals(ca.getSubjectX500Principal(), ca.getIssuerX500Principal());
    assertEquals(
        Set.of("2.5.29.15", "2.5.29.19"), ca.getCriticalExtensionOIDs(), "usage, constraints");
    ca.verify(ca.getPublicKey());
  }

  @Test
  void serverIsAServerAndNothingElse() throws Exception {
    assertEquals(-1, server.getBasicConstraints(), "not an authority");
    assertEquals(List.of(DIGITAL_SIGNATURE), usages(server));
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), server.getExtendedKeyUsage(), "serverAuth");
    assertEquals(ca.getSubjectX500Principal(), server.getIssuerX500Principal());
    server.verify(ca.getPublicKey());
  }

  @Test
  void serverSpeaksForItsHostsInCanonicalSpelling() throws Exception {
    assertEquals(Set.of("webhook.system.svc", "10.0.0.1", "10.0.0.2", "fd00::1"), Hosts.of(server));
  }

  @Test
  void lifeBeginsFiveMinutesAgoAndEndsAfterTheLifetime() {
    assertEquals(NOW.minus(Duration.ofMinutes(5)), ca.getNotBefore().toInstant());
    assertEquals(NOW.plus(Duration.ofDays(10)), ca.getNotAfter().toInstant());
    assertEquals(NOW.minus(Duration.ofMinutes(5)), server.getNotBefore().toInstant());
    assertEquals(NOW.plus(Duration.ofHours(7)), server.getNotAfter().toInstant());
  }

  @Test
  void serverDoesNotOutliveItsAuthority() throws Exception {
    X509Certificate certificate =
        issuer.server(authority, List.of("a"), Duration.ofDays(11)).certificate();
    assertEquals(ca.getNotAfter(), certificate.getNotAfter());
  }

  @Test
  void serialsAreOf128BitsOfWhichNoneIsFixed() throws Exception {
    Set<BigInteger> serials = new HashSet<>();
    BigInteger set = BigInteger.ZERO;
    BigInteger unset = BigInteger.ZERO;
    BigInteger all = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
    // A bit that chance sets or leaves every time has a probability of 2^-63.
    for (int i = 0; i < 64; i++) {
      BigInteger serial =
          issuer
              .server(authority, List.of("a"), Duration.ofDays(1))
              .certificate()
              .getSerialNumber();
      assertTrue(serial.signum() > 0 && serial.bitLength() <= 128, serial::toString);
      serials.add(serial);
      set = set.or(serial);
      unset = unset.or(all.andNot(serial));
    }
    assertEquals(64, serials.size());
    assertEquals(all, set);
    assertEquals(all, unset);
  }

  @Test
  void eachAuthorityHasANameOfItsOwn() throws Exception {
    assertTrue(
        ca.getSubjectX500Principal().getName().startsWith("CN=NetService webhook CA "),
        ca::toString);
    assertTrue(
        !ca.getSubjectX500Principal()
            .equals(issuer.authority(Duration.ofDays(1)).certificate().getSubjectX500Principal()));
  }
}
