package io.netservice.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates: ECDSA with P-256, serial numbers of 128 random bits (RFC 5280). */
final class Issuer {

  /** A client whose clock is behind must not find a certificate that begins in its future. */
  static final Duration BACKDATED = Duration.ofMinutes(5);

  /** What the names of our CAs begin with. */
  static final String AUTHORITY_NAME = "NetService webhook CA";

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  Issuer(Clock clock) {
    this.clock = clock;
  }

  /** A CA that signs itself and may sign nothing but servers' certificates. */
  KeyAndCertificate authority(Duration lifetime) throws GeneralSecurityException {
    KeyPair keys = keys();
    X500Name name =
        new X500Name("CN=" + AUTHORITY_NAME + " " + new BigInteger(32, random).toString(16));
    try {
      X509v3CertificateBuilder builder = builder(name, name, lifetime, keys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return signed(builder, keys, keys.getPrivate());
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("the CA could not be made", e);
    }
  }

  /**
   * A server's certificate for {@code hosts}, DNS names and IP literals. It lives for {@code
   * lifetime}, but not longer than its CA.
   */
  KeyAndCertificate server(KeyAndCertificate authority, List<String> hosts, Duration lifetime)
      throws GeneralSecurityException {
    KeyPair keys = keys();
    try {
      X500Name issuer = new JcaX509CertificateHolder(authority.certificate()).getSubject();
      X509v3CertificateBuilder builder =
          builder(
              issuer,
              new X500Name("CN=netservice-webhook"),
              shorter(lifetime, authority.certificate()),
              keys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
      GeneralName[] names =
          hosts.stream()
              .map(
                  host ->
                      new GeneralName(
                          Hosts.isIp(host) ? GeneralName.iPAddress : GeneralName.dNSName,
                          Hosts.canonical(host)))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      return signed(builder, keys, authority.key());
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("the certificate could not be made", e);
    }
  }

  private Duration shorter(Duration lifetime, X509Certificate authority) {
    Duration left = Duration.between(clock.instant(), authority.getNotAfter().toInstant());
    return left.compareTo(lifetime) < 0 ? left : lifetime;
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, Duration lifetime, KeyPair keys)
      throws GeneralSecurityException, IOException {
    Instant now = clock.instant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            serial(),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(lifetime)),
            subject,
            keys.getPublic());
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
    return builder;
  }

  /** 16 octets, positive: RFC 5280, section 4.1.2.2, allows 20 and wants no zero. */
  private BigInteger serial() {
    return new BigInteger(128, random).max(BigInteger.ONE);
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static KeyAndCertificate signed(
      X509v3CertificateBuilder builder, KeyPair keys, PrivateKey signer)
      throws OperatorCreationException, GeneralSecurityException {
    var holder = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
    return new KeyAndCertificate(
        keys.getPrivate(), new JcaX509CertificateConverter().getCertificate(holder));
  }
}
