package io.netservice.api;

import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Comparator;
import java.util.List;

/** What the generator has no annotation for: kinds of lists, the order of columns. */
final class CrdDetails implements CRDPostProcessor {

  private static final List<String> COLUMNS =
      List.of("Network", "Type", "Ready", "Status", "Age", "Selector");

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
      keyedBy(spec.getProperties().get("ports"), "port", "protocol");
      spec.getProperties().get("ipFamilies").setXKubernetesListType("set");
      keyedBy(root.getProperties().get("status").getProperties().get("conditions"), "type");
      distinctRules(root);
    }
    return crd;
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
