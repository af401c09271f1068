package io.netservice.certs;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is to be done about the certificates in the Secret, and why. Pure.
 *
 * <p>A new CA is stored first, beside the old one and without a certificate of its own; then the
 * API server is told to trust it; only then does it sign. So each step can be the last for a while
 * (a crash, a lost permission), and the webhook serves what is trusted all the time.
 */
sealed interface Renewal {

  String CERTIFICATE = "tls.crt";
  String KEY = "tls.key";
  String CA_CERTIFICATE = "ca.crt";
  String CA_KEY = "ca.key";
  String NEXT_CA_CERTIFICATE = "next-ca.crt";
  String NEXT_CA_KEY = "next-ca.key";

  /** All that is ours in the Secret. */
  Set<String> KEYS =
      Set.of(CERTIFICATE, KEY, CA_CERTIFICATE, CA_KEY, NEXT_CA_CERTIFICATE, NEXT_CA_KEY);

  /** Nothing: {@code certificate} serves. */
  record InOrder(X509Certificate authority, X509Certificate certificate) implements Renewal {}

  /** The CA is to sign another serving certificate. */
  record NewCertificate(KeyAndCertificate authority, String reason) implements Renewal {}

  /** A new CA is to be made and stored as the next. */
  record NewAuthority(String reason) implements Renewal {}

  /**
   * The next CA is to be trusted, and then to take the place of the one before.
   *
   * @param present the CA so far, where it can be read
   */
  record NextAuthority(Optional<X509Certificate> present, KeyAndCertificate next, String reason)
      implements Renewal {}

  /** What {@code data}, the texts in the Secret by key, needs at {@code now}. */
  static Renewal of(Map<String, String> data, List<String> hosts, Instant now) {
    Authority present = Authority.of(data, CA_KEY, CA_CERTIFICATE, now);
    if (present instanceof Authority.Usable usable) {
      return ofServer(data, usable.authority(), hosts, now);
    }
    String reason = ((Authority.Unusable) present).reason();
    return Authority.of(data, NEXT_CA_KEY, NEXT_CA_CERTIFICATE, now)
            instanceof Authority.Usable next
        ? new NextAuthority(readable(data.get(CA_CERTIFICATE)), next.authority(), reason)
        : new NewAuthority(reason);
  }

  private static Renewal ofServer(
      Map<String, String> data, KeyAndCertificate authority, List<String> hosts, Instant now) {
    try {
      X509Certificate certificate = pair(data, KEY, CERTIFICATE).certificate();
      certificate.verify(authority.certificate().getPublicKey());
      Set<String> missing = new TreeSet<>();
      hosts.forEach(host -> missing.add(Hosts.canonical(host)));
      missing.removeAll(Hosts.of(certificate));
      if (!missing.isEmpty()) {
        return new NewCertificate(authority, "it does not speak for " + String.join(", ", missing));
      }
      Optional<String> aged = Age.of(certificate, now).reasonToRenew();
      return aged.isPresent()
          ? new NewCertificate(authority, "it " + aged.get())
          : new InOrder(authority.certificate(), certificate);
    } catch (SignatureException | InvalidKeyException e) {
      return new NewCertificate(authority, "it was not signed by the CA in the Secret");
    } catch (GeneralSecurityException e) {
      return new NewCertificate(authority, e.getMessage());
    }
  }

  private static KeyAndCertificate pair(Map<String, String> data, String key, String certificate)
      throws GeneralSecurityException {
    for (String name : List.of(certificate, key)) {
      if (data.getOrDefault(name, "").isBlank()) {
        throw new GeneralSecurityException("there is no " + name);
      }
    }
    try {
      return KeyAndCertificate.parse(data.get(key), data.get(certificate));
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(certificate + " and " + key + ": " + e.getMessage(), e);
    }
  }

  private static Optional<X509Certificate> readable(String pem) {
    try {
      return pem == null
          ? Optional.empty()
          : KeyAndCertificate.certificates(pem).stream().findFirst();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** A CA of the Secret, and whether it may sign. */
  sealed interface Authority {

    record Usable(KeyAndCertificate authority) implements Authority {}

    record Unusable(String reason) implements Authority {}

    private static Authority of(
        Map<String, String> data, String key, String certificate, Instant now) {
      KeyAndCertificate pair;
      try {
        pair = pair(data, key, certificate);
      } catch (GeneralSecurityException e) {
        return new Unusable(e.getMessage());
      }
      if (pair.certificate().getBasicConstraints() < 0) {
        return new Unusable(certificate + " is not the certificate of a CA");
      }
      return Age.of(pair.certificate(), now)
          .reasonToRenew()
          .<Authority>map(reason -> new Unusable("the CA " + reason))
          .orElseGet(() -> new Usable(pair));
    }
  }
}
