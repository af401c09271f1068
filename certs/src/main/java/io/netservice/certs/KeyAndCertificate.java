package io.netservice.certs;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate with its private key, as PEM. The key never appears in {@link #toString}. */
record KeyAndCertificate(PrivateKey key, X509Certificate certificate) {

  /**
   * Reads a PKCS#8 EC key and the first certificate.
   *
   * @throws GeneralSecurityException if one can't be read or they don't belong together
   */
  static KeyAndCertificate parse(String keyPem, String certificatePem)
      throws GeneralSecurityException {
    List<X509Certificate> certificates = certificates(certificatePem);
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in it");
    }
    PrivateKey key;
    try (PEMParser parser = new PEMParser(new StringReader(keyPem))) {
      PemObject object = parser.readPemObject();
      if (object == null || !object.getType().equals("PRIVATE KEY")) {
        throw new GeneralSecurityException("the key is not a PKCS#8 private key in PEM");
      }
      key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(object.getContent()));
    } catch (IOException e) {
      throw new GeneralSecurityException("the key can't be read", e);
    }
    KeyAndCertificate pair = new KeyAndCertificate(key, certificates.get(0));
    pair.requireMatch();
    return pair;
  }

  /** All certificates of a PEM text. */
  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    List<X509Certificate> result = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        if (each instanceof X509CertificateHolder holder) {
          result.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new GeneralSecurityException("the certificate can't be read", e);
    }
    return result;
  }

  private void requireMatch() throws GeneralSecurityException {
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      throw new GeneralSecurityException("the key does not belong to the certificate");
    }
    byte[] probe = {1, 2, 3, 4};
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key);
    signer.update(probe);
    byte[] signature = signer.sign();
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(probe);
    if (!verifier.verify(signature)) {
      throw new GeneralSecurityException("the key does not belong to the certificate");
    }
  }

  String keyPem() {
    return pem(new PemObject("PRIVATE KEY", key.getEncoded()));
  }

  String certificatePem() {
    return pem(certificate);
  }

  static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException("PEM could not be written", e);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "certificate of " + certificate.getSubjectX500Principal();
  }
}
