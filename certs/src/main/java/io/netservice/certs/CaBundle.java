package io.netservice.certs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** What the API server trusts the webhook by. Pure. */
final class CaBundle {

  private static final String OURS = "CN=" + Issuer.AUTHORITY_NAME;

  private CaBundle() {}

  /**
   * The CAs of the Secret, and behind them those of ours that were trusted before and may have
   * signed what a webhook still serves: it is not cut off. They go once every certificate that they
   * signed has expired, for since the newest CA was made none of them has signed any.
   *
   * @param authorities at least one
   * @param present the {@code caBundle} as it is, null for none
   * @param lifetime how long serving certificates live
   */
  static String with(
      List<X509Certificate> authorities, String present, Duration lifetime, Instant now) {
    Instant newest =
        authorities.stream().map(Age::madeAt).max(Comparator.naturalOrder()).orElseThrow();
    boolean overlap = now.isBefore(newest.plus(lifetime));
    StringBuilder bundle = new StringBuilder();
    authorities.forEach(each -> bundle.append(KeyAndCertificate.pem(each)));
    for (X509Certificate each : ours(present)) {
      if (overlap && !authorities.contains(each) && each.getNotAfter().toInstant().isAfter(now)) {
        bundle.append(KeyAndCertificate.pem(each));
      }
    }
    return Base64.getEncoder().encodeToString(bundle.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Those of our CAs that are in {@code bundle}, null for none. */
  static List<X509Certificate> ours(String bundle) {
    if (bundle == null) {
      return List.of();
    }
    try {
      byte[] pem = Base64.getMimeDecoder().decode(bundle);
      return KeyAndCertificate.certificates(new String(pem, StandardCharsets.UTF_8)).stream()
          .filter(each -> each.getSubjectX500Principal().getName().startsWith(OURS))
          .toList();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return List.of(); // What the API server can't read either is nobody's trust.
    }
  }
}
