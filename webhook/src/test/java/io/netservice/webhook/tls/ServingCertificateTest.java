package io.netservice.webhook.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServingCertificateTest {

  private static final TestCertificate ONE = TestCertificate.of("one", "EC");
  private static final TestCertificate OTHER = TestCertificate.of("other", "EC");

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aPairIsRead(String algorithm) throws Exception {
    TestCertificate pair = TestCertificate.of("pair", algorithm);

    ServingCertificate read = ServingCertificate.parse(pair.certificatePem(), pair.keyPem());

    assertEquals(List.of(pair.certificate()), read.chain());
    assertTrue(read.keyStore().isKeyEntry("serving"));
  }

  @Test
  void aChainKeepsItsOrder() throws Exception {
    byte[] chain =
        (new String(ONE.certificatePem(), US_ASCII) + new String(OTHER.certificatePem(), US_ASCII))
            .getBytes(US_ASCII);

    assertEquals(
        List.of(ONE.certificate(), OTHER.certificate()),
        ServingCertificate.parse(chain, ONE.keyPem()).chain());
  }

  @Test
  void theKeyIsNotShown() throws Exception {
    String shown = ServingCertificate.parse(ONE.certificatePem(), ONE.keyPem()).toString();

    assertTrue(shown.startsWith("CN=one, valid until 20"), shown);
    assertFalse(shown.contains("KEY"), shown);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertRefused("the key is not the certificate's", ONE.certificatePem(), OTHER.keyPem());
    assertRefused("the certificate can't be read", new byte[0], ONE.keyPem());
    assertRefused("the certificate can't be read", "no PEM".getBytes(US_ASCII), ONE.keyPem());
    assertRefused("the certificate can't be read", cut(ONE.certificatePem(), 300), ONE.keyPem());
    assertRefused(
        "the key can't be read: the file holds no PEM block", ONE.certificatePem(), new byte[0]);
    assertRefused(
        "the key can't be read: the file holds no PEM block",
        ONE.certificatePem(),
        cut(ONE.keyPem(), 60));
    assertRefused(
        "the key can't be read: it is a \"EC PRIVATE KEY\", must be a \"PRIVATE KEY\" (PKCS#8)",
        ONE.certificatePem(),
        TestCertificate.pem("EC PRIVATE KEY", new byte[30]));
    assertRefused(
        "the key can't be read as the certificate's, which is EC",
        ONE.certificatePem(),
        TestCertificate.pem("PRIVATE KEY", new byte[30]));
    assertRefused(
        "the key can't be read as the certificate's, which is EC",
        ONE.certificatePem(),
        TestCertificate.of("rsa", "RSA").keyPem());
  }

  private static void assertRefused(String message, byte[] certificate, byte[] key) {
    String shown =
        assertThrows(
                BadCertificateException.class, () -> ServingCertificate.parse(certificate, key))
            .getMessage();
    assertTrue(shown.startsWith(message), shown);
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
