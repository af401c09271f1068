package io.netservice.certs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** What the API server trusts the webhook by. Pure. */
final class CaBundle {

  private CaBundle() {}

  /**
   * The CA, and behind it those of ours that were trusted before and have not expired: a webhook
   * that still serves its old certificate is not cut off.
   *
   * @param present the {@code caBundle} as it is, null for none
   * @param authority the CA as PEM
   */
  static String with(String authority, String present, Instant now)
      throws GeneralSecurityException {
    X509Certificate current = KeyAndCertificate.certificates(authority).get(0);
    StringBuilder bundle = new StringBuilder(authority);
    for (X509Certificate each : readable(present)) {
      boolean ours =
          each.getSubjectX500Principal().getName().startsWith("CN=" + Issuer.AUTHORITY_NAME);
      if (ours && !each.equals(current) && each.getNotAfter().toInstant().isAfter(now)) {
        bundle.append(KeyAndCertificate.pem(each));
      }
    }
    return Base64.getEncoder().encodeToString(bundle.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<X509Certificate> readable(String bundle) {
    if (bundle == null) {
      return List.of();
    }
    try {
      byte[] pem = Base64.getMimeDecoder().decode(bundle);
      return KeyAndCertificate.certificates(new String(pem, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return List.of(); // What the API server can't read either is nobody's trust.
    }
  }
}
