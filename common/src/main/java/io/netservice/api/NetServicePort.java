package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;

/**
 * A port, with the meaning it has in a Service.
 *
 * @param name the name, null for none
 * @param protocol the transport
 * @param port the port of the Service, 1 to 65535
 * @param targetPort the port of the pods, a number or the name of a container's port; null for the
 *     same as {@code port}
 * @param appProtocol the application protocol, null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NetServicePort(
    @JsonPropertyDescription(
            "The name of the port, unique within the NetService. Needed when there is more than"
                + " one port.")
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        String name,
    @JsonPropertyDescription("The transport protocol: TCP, UDP or SCTP.") @Default("TCP")
        Protocol protocol,
    @JsonPropertyDescription("The port of the Service.") @Required @Min(1) @Max(65535) int port,
    @JsonPropertyDescription(
            "The port of the pods: a number from 1 to 65535, or the name of a container's port,"
                + " which may be another number in each pod. Without it, the same as port.")
        IntOrString targetPort,
    @JsonPropertyDescription(
            "The application protocol, as in a Service: an IANA service name such as \"https\" or a"
                + " prefixed name such as \"kubernetes.io/h2c\".")
        @Size(min = 1, max = 317)
        @ValidationRule(
            value = "!format.qualifiedName().validate(self).hasValue()",
            message = "appProtocol must be [prefix/]name, as a label key is")
        String appProtocol) {

  public NetServicePort {
    protocol = protocol == null ? Protocol.TCP : protocol;
  }

  /** What to look for in the pods: {@code targetPort}, or {@code port} where there is none. */
  public IntOrString target() {
    return targetPort == null ? new IntOrString(port) : targetPort;
  }
}
