package io.netservice.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What becomes of a request. */
sealed interface Decision {

  /** The rest of a line that tells what became of it. */
  default String detail() {
    return "";
  }

  /**
   * The object is stored as it is.
   *
   * @param warnings what the person who sent it should know
   */
  record Allowed(List<String> warnings) implements Decision {

    public Allowed {
      warnings = List.copyOf(warnings);
    }

    Allowed() {
      this(List.of());
    }
  }

  /**
   * The object is stored with changes.
   *
   * @param operations the changes, at least one
   */
  record Patched(List<Replace> operations) implements Decision {

    public Patched {
      operations = List.copyOf(operations);
    }

    @Override
    public String detail() {
      return ": " + String.join(", ", operations.stream().map(Replace::path).toList());
    }
  }

  /**
   * The object is refused.
   *
   * @param message why, in one line
   */
  record Denied(String message) implements Decision {

    @Override
    public String detail() {
      return ": " + message;
    }
  }

  /**
   * The operation {@code replace} of a JSON Patch (RFC 6902).
   *
   * @param path a JSON Pointer
   * @param value what is there from now on
   */
  record Replace(String path, JsonNode value) {}
}
