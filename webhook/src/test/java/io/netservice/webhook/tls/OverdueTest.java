package io.netservice.webhook.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a person is warned that the certificate should long have been renewed. */
class OverdueTest {

  /** Its life is 65 minutes, of which five are over. */
  private static final TestCertificate MADE = TestCertificate.of("overdue", "EC");

  private final ServingCertificate certificate = serving(MADE);
  private final List<String> events = new ArrayList<>();
  private Instant now = certificate.notAfter().minus(Duration.ofHours(1));
  private final Overdue overdue = new Overdue(clock(() -> now), events::add);

  private static ServingCertificate serving(TestCertificate made) {
    try {
      return ServingCertificate.parse(made.certificatePem(), made.keyPem());
    } catch (BadCertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Clock clock(InstantSource source) {
    return source.withZone(ZoneOffset.UTC);
  }

  private void look(Duration beforeTheEnd) {
    now = certificate.notAfter().minus(beforeTheEnd);
    overdue.look(certificate);
  }

  private static double metric() {
    return CollectorRegistry.defaultRegistry.getSampleValue(
        "netservice_webhook_certificate_renewal_overdue");
  }

  @Test
  void nobodyIsWarnedBeforeFiveSixthsOfTheLifeAreOver() {
    look(Duration.ofMinutes(60));
    look(Duration.ofMinutes(11));
    assertEquals(List.of(), events);
    assertEquals(0, metric());
  }

  @Test
  void warningIsToldOnceAnHour() {
    look(Duration.ofMinutes(10));
    look(Duration.ofMinutes(9));
    assertEquals(1, events.size());
    assertTrue(events.get(0).contains("expires at " + certificate.notAfter()), events.get(0));
    assertEquals(1, metric());
    look(Duration.ofMinutes(-50));
    assertEquals(2, events.size());
    assertTrue(events.get(1).contains("expired at " + certificate.notAfter()), events.get(1));
  }

  @Test
  void renewalEndsTheWarning() {
    look(Duration.ofMinutes(10));
    look(Duration.ofMinutes(60));
    assertEquals(0, metric());
    look(Duration.ofMinutes(10));
    assertEquals(2, events.size());
  }

  @Test
  void eventThatIsRefusedDoesNoHarm() {
    now = certificate.notAfter();
    Overdue refused =
        new Overdue(
            clock(() -> now),
            event -> {
              throw new IllegalStateException("forbidden");
            });
    refused.look(certificate);
    assertEquals(1, metric());
  }
}
