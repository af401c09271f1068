package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * What became of a NetService.
 *
 * @param observedGeneration the {@code metadata.generation} that this status speaks of
 * @param conditions {@code Ready} and, where pods are left out, {@code Degraded}
 * @param endpoints how many endpoints are published
 * @param selector the selector as a string, as {@code kubectl get pods -l} takes it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetServiceStatus(
    @JsonPropertyDescription("The generation of the NetService that this status speaks of.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "What is the case. Ready: the addresses of the pods are published. Degraded: some"
                + " selected pods could not be published.")
        List<Condition> conditions,
    @JsonPropertyDescription("How many endpoints are published.") EndpointCounts endpoints,
    @JsonPropertyDescription("The selector in the form that kubectl get pods -l takes.")
        String selector) {

  public NetServiceStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
