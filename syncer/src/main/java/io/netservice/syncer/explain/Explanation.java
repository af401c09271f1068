package io.netservice.syncer.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netservice.api.Condition;
import java.util.List;

/**
 * All that is to be told of one NetService, as {@code -o json} prints it. What there is nothing of
 * is null or an empty list.
 *
 * @param netService {@code namespace/name}
 * @param asked in a line, what it asks for
 * @param service in a line, the Service of its name
 * @param slices the EndpointSlices of that Service, whoever made them
 * @param endpoints in a line, the Endpoints of its name
 * @param conditions as they are in its status
 * @param pods those it selects, by name
 * @param differences between what should be published and what is, each a sentence; null if what is
 *     published may not be looked at
 * @param notes what could not be looked at, and what else is odd, each a sentence
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Explanation(
    String netService,
    String asked,
    Network network,
    String service,
    List<Slice> slices,
    String endpoints,
    List<Condition> conditions,
    List<Pod> pods,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<String> differences,
    List<String> notes) {

  public Explanation {
    slices = List.copyOf(slices);
    conditions = List.copyOf(conditions);
    pods = List.copyOf(pods);
    differences = differences == null ? null : List.copyOf(differences);
    notes = List.copyOf(notes);
  }

  /**
   * The network.
   *
   * @param name {@code namespace/name}
   * @param found {@code yes}, {@code no} or {@code unknown}
   * @param told in a line, what its NetworkAttachmentDefinition says, or why it is unknown
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Network(String name, String found, String told) {}

  /** A slice of the Service and who made it, empty if the syncer did for this NetService. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Slice(String name, String addressType, int endpoints, String madeBy) {}

  /**
   * A selected pod.
   *
   * @param state {@code ready}, {@code not ready since ...}, {@code terminating}, {@code finished}
   * @param reason the kind of reason for which nothing of it is published, null if something is
   * @param message the reason in words
   * @param notes what else is left out of it or special about it
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Pod(
      String name,
      String state,
      List<Address> addresses,
      String reason,
      String message,
      List<String> notes) {

    public Pod {
      addresses = List.copyOf(addresses);
      notes = List.copyOf(notes);
    }
  }

  /** A published address of a pod, and whether it is published as ready. */
  public record Address(String address, boolean ready) {}
}
