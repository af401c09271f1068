package io.netservice.webhook.admission;

import io.netservice.api.NetService;
import io.netservice.network.NamespaceIsolation;
import io.netservice.validation.Violation;
import java.util.Locale;
import java.util.Set;

/** Answers AdmissionReviews about NetServices. Safe for use by many threads. */
public final class AdmissionHandler {

  private static final String KIND = NetService.API_VERSION + "/" + NetService.KIND;

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
    AdmissionRequest request = Reviews.read(review);
    Decision decision = decide(request);
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
