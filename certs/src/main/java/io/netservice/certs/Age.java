package io.netservice.certs;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How old a certificate of ours is. Its life begins when it was made, not at {@code notBefore},
 * which lies {@link Issuer#BACKDATED} before.
 */
record Age(Instant made, Instant until, Instant now) {

  static Age of(X509Certificate certificate, Instant now) {
    return new Age(madeAt(certificate), certificate.getNotAfter().toInstant(), now);
  }

  static Instant madeAt(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant().plus(Issuer.BACKDATED);
  }

  /** A certificate is renewed when two thirds of its life are over, while it still serves. */
  Optional<String> reasonToRenew() {
    Instant from = made.minus(Issuer.BACKDATED);
    if (now.isBefore(from)) {
      return Optional.of("begins only at " + from);
    } else if (!now.isBefore(until)) {
      return Optional.of("expired at " + until);
    }
    return now.isBefore(due())
        ? Optional.empty()
        : Optional.of("is past two thirds of its life, which ends at " + until);
  }

  /** When it is to be renewed. */
  Instant due() {
    return made.plus(Duration.between(made, until).multipliedBy(2).dividedBy(3));
  }
}
