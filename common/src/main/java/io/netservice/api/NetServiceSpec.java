package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/**
 * What is asked for. Lists and maps are never null: what is absent in the object is empty here.
 *
 * @param netAttachDef the network, {@code name} or {@code namespace/name}
 * @param podInterface only attachments on this interface of the pod; null for any
 * @param selector the labels a pod must have, all of them
 * @param type what kind of Service to make
 * @param ports the ports of the Service and its endpoints
 * @param publishNotReadyAddresses whether pods that are not ready are published as ready
 * @param ipFamilies the only families to publish; empty for all
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.type == 'Headless' || (has(self.ports) && size(self.ports) > 0)",
    message = "ports must be given when the type is ClusterIP or LoadBalancer")
public record NetServiceSpec(
    @JsonPropertyDescription(
            "The network whose addresses are published: a NetworkAttachmentDefinition, as \"name\""
                + " (in the namespace of the NetService) or \"namespace/name\".")
        @Required
        @Size(min = 1, max = 317)
        @Pattern(
            "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?"
                + "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
        String netAttachDef,
    @JsonProperty("interface")
        @JsonPropertyDescription(
            "Publish only the addresses on this interface of the pod, for example \"net1\". For"
                + " pods that are attached to the network more than once.")
        @Size(min = 1, max = 15)
        @Pattern("^[^/:\\s]+$")
        String podInterface,
    @JsonPropertyDescription(
            "The labels of the pods whose addresses are published, as a Service's selector: a pod"
                + " must have every one of them, and be in the namespace of the NetService.")
        @Required
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "self.all(k, size(k) <= 317 && !format.qualifiedName().validate(k).hasValue())",
            message =
                "every key must be a label key: [prefix/]name, the name at most 63 letters,"
                    + " digits, '-', '_' or '.', beginning and ending with a letter or digit")
        @ValidationRule(
            value =
                "self.all(k, size(self[k]) <= 63 &&"
                    + " !format.labelValue().validate(self[k]).hasValue())",
            message =
                "every value must be a label value: empty or at most 63 letters, digits, '-', '_'"
                    + " or '.', beginning and ending with a letter or digit")
        Map<String, @Size(max = 63) String> selector,
    @JsonPropertyDescription(
            "What kind of Service is made. Headless: its name resolves to the addresses of the"
                + " pods. ClusterIP and LoadBalancer: an ordinary Service that forwards to those"
                + " addresses, wherever nodes can route to the network; they need ports.")
        @Default("Headless")
        ServiceType type,
    @JsonPropertyDescription(
            "The ports of the Service, as a Service's ports. Optional when the type is Headless.")
        @Size(max = 100)
        @ValidationRule(
            value = "self.size() <= 1 || self.all(p, has(p.name))",
            message = "every port must have a name when there is more than one")
        @ValidationRule(
            value =
                "self.all(p, !has(p.name) || self.exists_one(q, has(q.name) && q.name == p.name))",
            message = "the names of ports must differ")
        List<NetServicePort> ports,
    @JsonPropertyDescription(
            "Publish the addresses of pods as ready even while they are not, as a Service's"
                + " publishNotReadyAddresses: for peers that must find each other before they are"
                + " ready.")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean publishNotReadyAddresses,
    @JsonPropertyDescription(
            "Publish only addresses of these families. Without it, both, as the pods have them.")
        @Size(max = 2)
        List<IpFamily> ipFamilies) {

  public NetServiceSpec {
    selector = selector == null ? Map.of() : Map.copyOf(selector);
    type = type == null ? ServiceType.HEADLESS : type;
    ports = ports == null ? List.of() : List.copyOf(ports);
    ipFamilies = ipFamilies == null ? List.of() : List.copyOf(ipFamilies);
  }

  /** Whether addresses of {@code family} are wanted. */
  public boolean publishes(IpFamily family) {
    return ipFamilies.isEmpty() || ipFamilies.contains(family);
  }
}
