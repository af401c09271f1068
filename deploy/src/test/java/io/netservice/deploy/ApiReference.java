package io.netservice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.netservice.api.Condition;
import io.netservice.api.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The API reference as Markdown, made of the CustomResourceDefinition and of {@link Reason}: what
 * the API server enforces and what the syncer can say, nothing else.
 */
final class ApiReference {

  private static final Path CRD = Path.of("base/crd/netservices.netservice.cni.cncf.io.yaml");

  private static final String FIELDS =
      """
      | field | type | default | constraints | what it says |
      | --- | --- | --- | --- | --- |
      """;

  /** What each reason says: its Javadoc is not there when a program runs. */
  private static final Map<Reason, String> MEANINGS =
      Map.ofEntries(
          Map.entry(
              Reason.PUBLISHED, "Endpoints are published; the message counts those that are ready"),
          Map.entry(Reason.NO_MATCHING_PODS, "No pod that has not finished has the labels"),
          Map.entry(
              Reason.NO_ADDRESS_ON_NETWORK,
              "None of the selected pods has an address on the network; the message tells why of"
                  + " three"),
          Map.entry(
              Reason.NETWORK_NOT_FOUND,
              "Nothing is published, and there is no such NetworkAttachmentDefinition"),
          Map.entry(
              Reason.SERVICE_CONFLICT,
              "A Service, Endpoints or EndpointSlice of that name is somebody else's"),
          Map.entry(Reason.SERVICE_TERMINATING, "An older Service of that name is on its way out"),
          Map.entry(
              Reason.NAMESPACE_TERMINATING,
              "The namespace is being deleted: nothing can be made in it any more"),
          Map.entry(
              Reason.NOT_ALLOWED,
              "The network is in a namespace whose networks this namespace may not use"),
          Map.entry(
              Reason.WRITE_FAILED,
              "The API server refuses what is to be written; the message has its words"),
          Map.entry(
              Reason.PODS_SKIPPED, "Some selected pods, or some of their addresses, are left out"),
          Map.entry(
              Reason.NETWORK_GONE,
              "Pods are published whose network has no NetworkAttachmentDefinition any more"),
          Map.entry(Reason.ALL_PODS_USABLE, "No selected pod is left out any more"));

  private final StringBuilder page = new StringBuilder();
  private final CustomResourceDefinition crd;

  private ApiReference(CustomResourceDefinition crd) {
    this.crd = crd;
  }

  /** The page of the committed CustomResourceDefinition. */
  static String page() throws IOException {
    return new ApiReference(
            new KubernetesSerialization()
                .unmarshal(Files.readString(CRD), CustomResourceDefinition.class))
        .write();
  }

  private String write() {
    var names = crd.getSpec().getNames();
    page.append(
        """
        # API reference

        Generated from the CustomResourceDefinition, which is generated from the API classes: a test fails when this
        page differs from them. `kubectl explain netservice.spec` tells the same on a cluster. What becomes of a
        NetService is in the [README](../../README.md).

        """);
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      page.append("| | |\n| --- | --- |\n");
      row("apiVersion", code(crd.getSpec().getGroup() + "/" + version.getName()));
      row("kind", code(names.getKind()));
      row(
          "names for kubectl",
          code(names.getPlural())
              + ", "
              + code(names.getSingular())
              + names.getShortNames().stream()
                  .map(each -> ", " + code(each))
                  .reduce("", String::concat));
      row("scope", crd.getSpec().getScope());
      page.append('\n').append(root.getDescription()).append("\n\n");
      rules(root, "metadata");
      section("spec", root.getProperties().get("spec"));
      section("status", root.getProperties().get("status"));
      conditions();
      columns(version.getAdditionalPrinterColumns());
    }
    return page.toString();
  }

  private void row(String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** The fields of an object, and after them those of the objects in it, one table each. */
  private void section(String path, JSONSchemaProps object) {
    page.append("## `").append(path).append("`\n\n");
    if (object.getDescription() != null) {
      page.append(object.getDescription()).append("\n\n");
    }
    page.append(FIELDS);
    Set<String> required = Set.copyOf(object.getRequired());
    object
        .getProperties()
        .forEach(
            (name, field) ->
                row(
                    code(name) + (required.contains(name) ? " (required)" : ""),
                    type(field),
                    field.getDefault() == null ? "" : code(field.getDefault().asText()),
                    cell(String.join("; ", constraints(field))),
                    cell(field.getDescription() == null ? "" : field.getDescription())));
    page.append('\n');
    rules(object, path);
    object
        .getProperties()
        .forEach(
            (name, field) -> {
              JSONSchemaProps inner = isList(field) ? field.getItems().getSchema() : field;
              if (!inner.getProperties().isEmpty()) {
                section(path + "." + name + (isList(field) ? "[]" : ""), inner);
              }
            });
  }

  private void rules(JSONSchemaProps object, String path) {
    List<ValidationRule> rules = object.getXKubernetesValidations();
    if (!rules.isEmpty()) {
      page.append("Of `").append(path).append("` as a whole:\n\n");
      rules.forEach(rule -> page.append("- ").append(rule.getMessage()).append('\n'));
      page.append('\n');
    }
  }

  private static boolean isList(JSONSchemaProps field) {
    return "array".equals(field.getType());
  }

  private static String type(JSONSchemaProps field) {
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return "integer or string";
    } else if (isList(field)) {
      return "list of " + type(field.getItems().getSchema()) + "s";
    } else if (field.getAdditionalProperties() != null) {
      return "map of strings to " + type(field.getAdditionalProperties().getSchema()) + "s";
    }
    return field.getFormat() == null
        ? field.getType()
        : field.getType() + " (" + field.getFormat() + ")";
  }

  private static List<String> constraints(JSONSchemaProps field) {
    List<String> told = new ArrayList<>();
    if (!field.getEnum().isEmpty()) {
      told.add("one of " + values(field.getEnum()));
    }
    bounds(told, number(field.getMinimum()), number(field.getMaximum()), "");
    bounds(told, field.getMinLength(), field.getMaxLength(), " characters");
    bounds(told, field.getMinItems(), field.getMaxItems(), " entries");
    bounds(told, field.getMinProperties(), field.getMaxProperties(), " entries");
    if (field.getPattern() != null) {
      told.add("matches " + code(field.getPattern()));
    }
    for (JSONSchemaProps part : field.getAllOf()) {
      told.add("a string matches " + code(part.getPattern()));
    }
    if ("set".equals(field.getXKubernetesListType())) {
      told.add("no entry twice");
    } else if ("map".equals(field.getXKubernetesListType())) {
      told.add(
          "no two entries with the same "
              + field.getXKubernetesListMapKeys().stream()
                  .map(ApiReference::code)
                  .collect(Collectors.joining(" and ")));
    }
    field.getXKubernetesValidations().forEach(rule -> told.add(rule.getMessage()));
    if (isList(field)) {
      constraints(field.getItems().getSchema()).forEach(each -> told.add("each: " + each));
    } else if (field.getAdditionalProperties() != null) {
      constraints(field.getAdditionalProperties().getSchema())
          .forEach(each -> told.add("each value: " + each));
    }
    return told;
  }

  private static Long number(Double bound) {
    return bound == null ? null : bound.longValue();
  }

  private static void bounds(List<String> told, Long least, Long most, String unit) {
    if (least != null && most != null) {
      told.add(least + " to " + most + unit);
    } else if (most != null) {
      told.add("at most " + most + unit);
    } else if (least != null) {
      told.add("at least " + least + unit);
    }
  }

  private static String values(List<JsonNode> values) {
    return values.stream().map(each -> code(each.asText())).collect(Collectors.joining(", "));
  }

  private void conditions() {
    page.append(
        """
        ## Conditions and reasons

        These are all the reasons that there are. A reason with an Event lasts until somebody does something: its
        beginning and its end are told as Events on the NetService, too. What to do about each is in
        [operations](operations.md#troubleshooting-by-reason).

        | condition | status | reason | Event | what it says |
        | --- | --- | --- | --- | --- |
        """);
    for (String condition : List.of(Condition.READY, Condition.DEGRADED)) {
      for (String value : Reason.valuesOf(condition)) {
        Reason reason = Reason.of(value).orElseThrow();
        row(
            code(condition),
            code(reason.status()),
            code(value),
            reason.isWarning() ? "yes" : "",
            Objects.requireNonNull(MEANINGS.get(reason), value));
      }
    }
    page.append('\n');
  }

  private void columns(List<CustomResourceColumnDefinition> columns) {
    page.append(
        """
        ## Columns of `kubectl get`

        | column | from | what it shows |
        | --- | --- | --- |
        """);
    for (CustomResourceColumnDefinition column : columns) {
      boolean wide = column.getPriority() != null && column.getPriority() > 0;
      row(
          column.getName().toUpperCase(Locale.ROOT) + (wide ? " (`-o wide`)" : ""),
          code(column.getJsonPath()),
          column.getDescription() == null ? "" : column.getDescription());
    }
  }

  /** A bar would end the cell; within backticks GitHub wants it escaped all the same. */
  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
