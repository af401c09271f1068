package io.netservice.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.api.NetService;
import io.netservice.validation.NetServiceReader;
import io.netservice.validation.NetServiceRules;
import io.netservice.validation.Violation;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules that a NetService keeps or breaks by itself, whatever else is there. Both webhooks ask
 * here: {@code /mutate} because the API server calls it before it looks at the schema, whose
 * refusal shows a pattern where ours shows the value, {@code /validate} because the object may have
 * been changed on the way by somebody else's webhook.
 */
final class Rules {

  /** A message is read by a person; the rest shows when these are put right. */
  private static final int SHOWN = 10;

  private Rules() {}

  /**
   * The NetService that {@code object} is.
   *
   * @throws BrokenException if it breaks a rule or a field has a value of another type
   */
  static NetService check(JsonNode object) throws BrokenException {
    NetService netService;
    try {
      netService = NetServiceReader.LENIENT.read(object);
    } catch (NetServiceReader.MisfitException e) {
      throw new BrokenException(e.getMessage());
    }
    List<Violation> violations = NetServiceRules.check(netService);
    if (!violations.isEmpty()) {
      throw new BrokenException(inOneLine(violations));
    }
    return netService;
  }

  private static String inOneLine(List<Violation> violations) {
    String message =
        violations.stream().limit(SHOWN).map(Violation::message).collect(Collectors.joining("; "));
    int more = violations.size() - SHOWN;
    return more > 0 ? message + "; and " + more + " more" : message;
  }

  /** An object breaks rules. The message names, in one line, fields, values and what is right. */
  static final class BrokenException extends Exception {

    private static final long serialVersionUID = 1;

    private BrokenException(String message) {
      super(message);
    }

    Decision.Denied denied() {
      return new Decision.Denied(getMessage());
    }
  }
}
