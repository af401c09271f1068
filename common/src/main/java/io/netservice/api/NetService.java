package io.netservice.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A Service for one of the additional networks of pods: a Service of the same name resolves to the
 * addresses that the selected pods have on the named network.
 */
@Group(NetService.GROUP)
@Version(NetService.VERSION)
@Plural("netservices")
@Singular("netservice")
@ShortNames("nsvc")
@AdditionalPrinterColumn(
    name = "Network",
    jsonPath = ".spec.netAttachDef",
    getDescription = "The NetworkAttachmentDefinition whose addresses are published")
@AdditionalPrinterColumn(
    name = "Type",
    jsonPath = ".spec.type",
    getDescription = "The kind of Service that is made")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.endpoints.summary",
    getDescription = "Ready endpoints of all endpoints")
@AdditionalPrinterColumn(
    name = "Status",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    getDescription = "Published, or why nothing is")
@AdditionalPrinterColumn(
    name = "Selector",
    jsonPath = ".status.selector",
    priority = 1,
    getDescription = "The labels of the pods, as kubectl get pods -l takes them")
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1,
    getDescription = "The status in words")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value =
        "size(self.metadata.name) <= 63 &&"
            + " self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must be a name that a Service may have (RFC 1035 label): at most 63 lower"
            + " case letters, digits or '-', starting with a letter, not ending with '-'")
public class NetService extends CustomResource<NetServiceSpec, NetServiceStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1;

  public static final String GROUP = "netservice.cni.cncf.io";
  public static final String VERSION = "v1alpha1";
  public static final String API_VERSION = GROUP + "/" + VERSION;
  public static final String KIND = "NetService";

  @Override
  @JsonPropertyDescription(
      "What is asked for: which pods, on which of their networks, published as what kind of"
          + " Service.")
  public NetServiceSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription(
      "What became of it, written by the syncer: whether addresses are published, how many, and"
          + " why not.")
  public NetServiceStatus getStatus() {
    return super.getStatus();
  }

  /** An object without a spec has none, rather than one made up of defaults. */
  @Override
  protected NetServiceSpec initSpec() {
    return null;
  }

  @Override
  protected NetServiceStatus initStatus() {
    return null;
  }
}
