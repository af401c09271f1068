package io.netservice.webhook.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key with its chain of certificates, the server's own first.
 *
 * @param key belongs to the first certificate
 * @param chain at least one certificate
 */
public record ServingCertificate(PrivateKey key, List<X509Certificate> chain) {

  /** The key never leaves memory in this form, there is nothing to protect by a password. */
  public static final String PASSWORD = "";

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  public ServingCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads a key (PKCS#8) and a chain, both PEM.
   *
   * @throws BadCertificateException if one of them can't be read or they don't belong together
   */
  static ServingCertificate parse(byte[] chainPem, byte[] keyPem) throws BadCertificateException {
    List<X509Certificate> chain = chain(chainPem);
    PrivateKey key = key(keyPem, chain.get(0).getPublicKey().getAlgorithm());
    if (!belongTogether(key, chain.get(0))) {
      throw new BadCertificateException("the key is not the certificate's");
    }
    return new ServingCertificate(key, chain);
  }

  /** When the certificate begins to be valid. */
  Instant notBefore() {
    return chain.get(0).getNotBefore().toInstant();
  }

  /** When the certificate ceases to be valid. */
  public Instant notAfter() {
    return chain.get(0).getNotAfter().toInstant();
  }

  /** A key store in memory that holds the key and the chain. */
  public KeyStore keyStore() {
    try {
      KeyStore keyStore = emptyKeyStore();
      keyStore.setKeyEntry(
          "serving", key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
      return keyStore;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has a PKCS#12 key store", e);
    }
  }

  /** A key store without keys: no handshake succeeds with it. */
  public static KeyStore emptyKeyStore() {
    try {
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      keyStore.load(null, PASSWORD.toCharArray());
      return keyStore;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK has a PKCS#12 key store", e);
    }
  }

  private static List<X509Certificate> chain(byte[] pem) throws BadCertificateException {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(pem))) {
        chain.add((X509Certificate) each);
      }
    } catch (CertificateException e) {
      throw new BadCertificateException("the certificate can't be read", e);
    }
    if (chain.isEmpty()) {
      throw new BadCertificateException("the certificate can't be read: the file holds none");
    }
    return chain;
  }

  private static PrivateKey key(byte[] pem, String algorithm) throws BadCertificateException {
    Matcher block = PEM.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    if (!block.find()) {
      throw new BadCertificateException("the key can't be read: the file holds no PEM block");
    }
    if (!block.group(1).equals("PRIVATE KEY")) {
      throw new BadCertificateException(
          "the key can't be read: it is a \""
              + block.group(1)
              + "\", must be a \"PRIVATE KEY\" (PKCS#8)");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(block.group(2));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BadCertificateException(
          "the key can't be read as the certificate's, which is " + algorithm, e);
    }
  }

  /** The only proof that works for every kind of key: what one signs, the other verifies. */
  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws BadCertificateException {
    byte[] text = "netservice".getBytes(StandardCharsets.UTF_8);
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm(key.getAlgorithm()));
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new BadCertificateException("the key can't be used", e);
    }
  }

  private static String signatureAlgorithm(String keyAlgorithm) {
    return switch (keyAlgorithm) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> keyAlgorithm;
    };
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return chain.get(0).getSubjectX500Principal() + ", valid until " + notAfter();
  }
}
