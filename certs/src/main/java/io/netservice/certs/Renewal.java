package io.netservice.certs;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does what is in the Secret need to be made anew, and why. Pure.
 *
 * @param authority the CA to go on with, empty if a new one is needed
 * @param authorityReason why a new CA is needed, empty if it is not
 * @param serverReason why a new serving certificate is needed, empty if it is not
 */
record Renewal(
    Optional<KeyAndCertificate> authority,
    Optional<String> authorityReason,
    Optional<String> serverReason) {

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String CA_CERTIFICATE = "ca.crt";
  static final String CA_KEY = "ca.key";

  /** What {@code data}, the texts in the Secret by key, needs at {@code now}. */
  static Renewal of(Map<String, String> data, List<String> hosts, Instant now) {
    KeyAndCertificate authority;
    try {
      authority = pair(data, CA_KEY, CA_CERTIFICATE);
    } catch (GeneralSecurityException e) {
      return anew(e.getMessage());
    }
    if (authority.certificate().getBasicConstraints() < 0) {
      return anew(CA_CERTIFICATE + " is not the certificate of a CA");
    }
    Optional<String> aged = aged(authority.certificate(), now);
    if (aged.isPresent()) {
      return anew("the CA " + aged.get());
    }
    return new Renewal(
        Optional.of(authority), Optional.empty(), server(data, authority, hosts, now));
  }

  private static Renewal anew(String reason) {
    return new Renewal(
        Optional.empty(), Optional.of(reason), Optional.of("there is a new CA to sign it"));
  }

  private static Optional<String> server(
      Map<String, String> data, KeyAndCertificate authority, List<String> hosts, Instant now) {
    try {
      X509Certificate certificate = pair(data, KEY, CERTIFICATE).certificate();
      certificate.verify(authority.certificate().getPublicKey());
      Set<String> missing = new TreeSet<>();
      hosts.forEach(host -> missing.add(Hosts.canonical(host)));
      missing.removeAll(Hosts.of(certificate));
      if (!missing.isEmpty()) {
        return Optional.of("it does not speak for " + String.join(", ", missing));
      }
      return aged(certificate, now).map(reason -> "it " + reason);
    } catch (java.security.SignatureException | java.security.InvalidKeyException e) {
      return Optional.of("it was not signed by the CA in the Secret");
    } catch (GeneralSecurityException e) {
      return Optional.of(e.getMessage());
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

  /** A certificate is renewed when two thirds of its life are over, while it still serves. */
  private static Optional<String> aged(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return Optional.of("begins only at " + from);
    } else if (!now.isBefore(until)) {
      return Optional.of("expired at " + until);
    }
    Instant due = from.plus(Duration.between(from, until).multipliedBy(2).dividedBy(3));
    return now.isBefore(due)
        ? Optional.empty()
        : Optional.of("is past two thirds of its life, which ends at " + until);
  }
}
