package io.netservice.webhook.admission;

import io.netservice.api.NetService;
import io.netservice.network.NamespaceIsolation;
import io.netservice.runtime.Millis;
import io.netservice.validation.Violation;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Answers AdmissionReviews about NetServices. Safe for use by many threads. */
public final class AdmissionHandler {

  private static final String KIND = NetService.API_VERSION + "/" + NetService.KIND;

  private static final Logger log = LoggerFactory.getLogger(AdmissionHandler.class);

  private final Admission admission;

  private AdmissionHandler(Admission admission) {
    this.admission = admission;
  }

  /** Writes out what was left to be understood, and refuses what breaks a rule. */
  public static AdmissionHandler mutating() {
    return new AdmissionHandler(new Mutation());
  }

  /**
   * Refuses what can't work and warns of what probably won't.
   *
   * @param namespaces those that are looked after, none for all
   */
  public static AdmissionHandler validating(
      ServiceLookup services,
      NetworkLookup networks,
      NamespaceIsolation isolation,
      Set<String> namespaces) {
    return new AdmissionHandler(new Validation(services, networks, isolation, namespaces));
  }

  /**
   * The answer to an AdmissionReview.
   *
   * @throws BadReviewException if {@code review} is none
   */
  public Answer handle(byte[] review) throws BadReviewException {
    long began = System.nanoTime();
    AdmissionRequest request = Reviews.read(review);
    Decision decision = decide(request);
    tell(request, decision, began);
    return new Answer(
        request.operation().name(), result(decision), Reviews.write(request, decision));
  }

  private Decision decide(AdmissionRequest request) {
    if (!request.operation().stores() || !request.subResource().isEmpty()) {
      return new Decision.Allowed();
    }
    if (!request.kind().equals(KIND)) {
      return new Decision.Denied(
          "kind: "
              + Violation.show(request.kind())
              + ": must be "
              + KIND
              + ", nothing else is known");
    }
    if (request.isBeingDeleted()) {
      return new Decision.Allowed();
    }
    return admission.decide(request);
  }

  /** What somebody did not get. The rest is told to who looks for something. */
  private static void tell(AdmissionRequest request, Decision decision, long began) {
    LoggingEventBuilder line = decision instanceof Decision.Denied ? log.atInfo() : log.atDebug();
    double millis = Millis.since(began);
    line.addKeyValue("netservice", request.key())
        .addKeyValue("operation", request.operation())
        .addKeyValue("result", result(decision))
        .addKeyValue("millis", millis)
        .log(
            "{}: {} {} in {} ms{}",
            request.key(),
            request.operation(),
            result(decision),
            millis,
            decision.detail());
  }

  private static String result(Decision decision) {
    return decision.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Decides about an object that is to be stored. */
  interface Admission {
    Decision decide(AdmissionRequest request);
  }

  /**
   * An answer and what it was about.
   *
   * @param operation of the request, such as {@code CREATE}
   * @param result {@code allowed}, {@code patched} or {@code denied}
   * @param review the AdmissionReview to send
   */
  @SuppressWarnings("ArrayRecordComponent") // handed from here to the wire, never compared
  public record Answer(String operation, String result, byte[] review) {}
}
