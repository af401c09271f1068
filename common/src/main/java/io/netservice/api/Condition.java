package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * One thing that is or is not the case, as {@code metav1.Condition}.
 *
 * @param type what is judged, {@code Ready} or {@code Degraded}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason why, a CamelCase word
 * @param message why, for a person
 * @param lastTransitionTime when {@code status} changed last, RFC 3339
 * @param observedGeneration the generation that was judged
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("What is judged: Ready or Degraded.") @Required String type,
    @JsonPropertyDescription("Whether it is the case: True, False or Unknown.") @Required
        String status,
    @JsonPropertyDescription("Why, in one word.") @Required String reason,
    @JsonPropertyDescription("Why, in a sentence.") String message,
    @JsonPropertyDescription("When the status of this condition changed last.")
        String lastTransitionTime,
    @JsonPropertyDescription("The generation of the NetService that was judged.")
        Long observedGeneration) {

  /** The same verdict: all but the times and generations. */
  public boolean says(String otherStatus, String otherReason, String otherMessage) {
    return status.equals(otherStatus)
        && reason.equals(otherReason)
        && String.valueOf(message).equals(String.valueOf(otherMessage));
  }
}
