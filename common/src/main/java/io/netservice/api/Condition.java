package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One thing that is or is not the case, as {@code metav1.Condition}, with its bounds: generic tools
 * such as {@code kubectl wait} read it.
 *
 * @param type what is judged, {@code Ready} or {@code Degraded}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason why: the value of a {@link Reason}
 * @param message why, for a person, in at most 32,768 characters
 * @param lastTransitionTime when {@code status} changed last, RFC 3339
 * @param observedGeneration the generation that was judged
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("What is judged: Ready or Degraded.")
        @Required
        @Size(max = 316)
        @Pattern(
            "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                + "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")
        String type,
    @JsonPropertyDescription("Whether it is the case: True, False or Unknown.") @Required
        String status,
    @JsonPropertyDescription(
            "Why, in one word. Ready: Published, NoMatchingPods, NoAddressOnNetwork,"
                + " NetworkNotFound, ServiceConflict, ServiceTerminating, NamespaceTerminating,"
                + " NotAllowed, WriteFailed. Degraded: PodsSkipped, NetworkGone, AllPodsUsable.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        String reason,
    @JsonPropertyDescription("Why, in a sentence.") @Required @Size(max = 32768) String message,
    @JsonPropertyDescription("When the condition became true or false.") @Required
        String lastTransitionTime,
    @JsonPropertyDescription("The generation of the NetService that was judged.") @Min(0)
        Long observedGeneration) {

  /** The type that says whether addresses are published. */
  public static final String READY = "Ready";

  /** The type that says whether something selected is left out. */
  public static final String DEGRADED = "Degraded";

  public static final String TRUE = "True";
  public static final String FALSE = "False";

  /** A condition that {@code reason} goes with. */
  public static Condition of(Reason reason, String message, String since, long generation) {
    return new Condition(
        reason.condition(), reason.status(), reason.value(), message, since, generation);
  }

  /** Whether it is the case, as far as its writer knew. */
  public boolean holds() {
    return TRUE.equals(status);
  }
}
