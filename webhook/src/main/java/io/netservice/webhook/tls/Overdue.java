package io.netservice.webhook.tls;

import io.prometheus.client.Gauge;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of a certificate whose renewal is overdue. It is renewed at two thirds of its life, by the
 * certs tool as by cert-manager; when half of the rest is over nobody has done so, and a person has
 * to look while it still serves. Used by one thread.
 */
public final class Overdue {

  private static final Logger log = LoggerFactory.getLogger(Overdue.class);

  /** An Event lives for an hour: as long as there is something to warn of there is one. */
  private static final Duration AGAIN = Duration.ofHours(1);

  private static final Gauge OVERDUE =
      Gauge.build()
          .subsystem(CertificateWatcher.SUBSYSTEM)
          .name("certificate_renewal_overdue")
          .help("1 when five sixths of the serving certificate's life are over, else 0.")
          .register();

  private final Clock clock;
  private final Consumer<String> event;
  private Instant warned = Instant.MIN;

  /**
   * Nothing to warn of yet.
   *
   * @param event tells a person beside the log; throws if it can't
   */
  public Overdue(Clock clock, Consumer<String> event) {
    this.clock = clock;
    this.event = event;
  }

  /** Looks at the certificate that is served. */
  void look(ServingCertificate served) {
    Instant now = clock.instant();
    boolean overdue = !now.isBefore(overdueAt(served));
    OVERDUE.set(overdue ? 1 : 0);
    if (!overdue) {
      warned = Instant.MIN;
    } else if (!now.isBefore(warned.plus(AGAIN))) {
      warned = now;
      warn(
          "the serving certificate "
              + (now.isBefore(served.notAfter()) ? "expires" : "expired")
              + " at "
              + served.notAfter()
              + " and has not been renewed: see the Jobs of netservice-certs, or cert-manager");
    }
  }

  private void warn(String message) {
    log.warn("{}", message);
    try {
      event.accept(message);
    } catch (RuntimeException e) {
      log.warn("the Event about it could not be written: {}", e.getMessage());
    }
  }

  private static Instant overdueAt(ServingCertificate served) {
    Duration life = Duration.between(served.notBefore(), served.notAfter());
    return served.notBefore().plus(life.multipliedBy(5).dividedBy(6));
  }
}
