package io.netservice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the generator has no annotation for: kinds of lists, formats, the order of columns. */
final class CrdDetails implements CRDPostProcessor {

  private static final List<String> COLUMNS =
      List.of("Network", "Type", "Ready", "Status", "Age", "Selector", "Message");

  @Override
  public HasMetadata process(HasMetadata resource, String crdVersion) {
    CustomResourceDefinition crd = (CustomResourceDefinition) resource;
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      version
          .getAdditionalPrinterColumns()
          .sort(
              Comparator.comparingInt(
                  (CustomResourceColumnDefinition column) -> COLUMNS.indexOf(column.getName())));
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      root.setDescription(
          "A Service for one of the additional networks of pods: a Service of the same name"
              + " resolves to the addresses that the selected pods have on the named network.");
      root.setRequired(List.of("spec"));
      JSONSchemaProps spec = root.getProperties().get("spec");
      JSONSchemaProps ports = spec.getProperties().get("ports");
      keyedBy(ports, "port", "protocol");
      numberOrPortName(ports.getItems().getSchema().getProperties().get("targetPort"));
      spec.getProperties().get("ipFamilies").setXKubernetesListType("set");
      JSONSchemaProps conditions =
          root.getProperties().get("status").getProperties().get("conditions");
      keyedBy(conditions, "type");
      asInMetaV1(conditions.getItems().getSchema());
      distinctRules(root);
    }
    return crd;
  }

  /**
   * A port number, or an IANA service name with at least one letter and no two hyphens in a row.
   * Bounds of numbers hold for numbers only and patterns for strings only, so no CEL rule is
   * needed, which would exceed the API server's budget here.
   */
  private static void numberOrPortName(JSONSchemaProps targetPort) {
    targetPort.setMinimum(1.0);
    targetPort.setMaximum(65535.0);
    targetPort.setMaxLength(15L);
    targetPort.setAllOf(
        List.of(
            new JSONSchemaPropsBuilder().withPattern("^[a-z0-9]+(-[a-z0-9]+)*$").build(),
            new JSONSchemaPropsBuilder().withPattern("[a-z]").build()));
  }

  /** The formats and the values that {@code metav1.Condition} states. */
  private static void asInMetaV1(JSONSchemaProps condition) {
    Map<String, JSONSchemaProps> fields = condition.getProperties();
    fields.get("lastTransitionTime").setFormat("date-time");
    fields.get("observedGeneration").setFormat("int64");
    fields
        .get("status")
        .setEnum(Stream.of("True", "False", "Unknown").<JsonNode>map(TextNode::valueOf).toList());
  }

  private static void keyedBy(JSONSchemaProps list, String... keys) {
    list.setXKubernetesListType("map");
    list.setXKubernetesListMapKeys(List.of(keys));
  }

  /** An annotation of a record component stands on its field and on its accessor. */
  private static void distinctRules(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        schema.getXKubernetesValidations().stream().distinct().toList());
    schema.getProperties().values().forEach(CrdDetails::distinctRules);
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      distinctRules(schema.getItems().getSchema());
    }
  }
}
