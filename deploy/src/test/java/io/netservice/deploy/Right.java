package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One verb on one kind of object that the install allows a program.
 *
 * @param program the ServiceAccount without its prefix, such as {@code syncer}
 * @param namespace where, {@code ""} for everywhere
 * @param resource such as {@code netservices/status.netservice.cni.cncf.io}
 * @param name of the one object, {@code ""} for any
 */
record Right(String program, String namespace, String resource, String name, String verb)
    implements Comparable<Right> {

  private static final String PREFIX = "netservice-";

  /** All that {@code deploy/base} allows. */
  static Set<Right> ofInstall() throws IOException {
    Map<String, List<PolicyRule>> roles = new HashMap<>();
    Set<Right> rights = new TreeSet<>();
    for (HasMetadata object : objects()) {
      if (object instanceof ClusterRole role) {
        roles.put("ClusterRole " + role.getMetadata().getName(), role.getRules());
      } else if (object instanceof Role role) {
        roles.put("Role " + role.getMetadata().getName(), role.getRules());
      }
    }
    for (HasMetadata object : objects()) {
      if (object instanceof ClusterRoleBinding binding) {
        add(
            rights,
            binding.getSubjects(),
            "",
            roles.get("ClusterRole " + binding.getRoleRef().getName()));
      } else if (object instanceof RoleBinding binding) {
        add(
            rights,
            binding.getSubjects(),
            binding.getMetadata().getNamespace(),
            roles.get("Role " + binding.getRoleRef().getName()));
      }
    }
    return rights;
  }

  private static List<HasMetadata> objects() throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (String program : List.of("webhook", "syncer", "certs")) {
      objects.addAll(objects(Path.of("../deploy/base", program, "rbac.yaml")));
    }
    return objects;
  }

  private static List<HasMetadata> objects(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // Several documents come as a list.
      List<?> read = new KubernetesSerialization().unmarshal(in);
      return read.stream().map(HasMetadata.class::cast).toList();
    }
  }

  /** The rules of the roles of that kind in {@code file} by their names. */
  static Map<String, List<PolicyRule>> rules(Path file, String kind) throws IOException {
    Map<String, List<PolicyRule>> rules = new TreeMap<>();
    for (HasMetadata object : objects(file)) {
      if (object.getKind().equals(kind)) {
        rules.put(
            object.getMetadata().getName(),
            object instanceof ClusterRole role ? role.getRules() : ((Role) object).getRules());
      }
    }
    return rules;
  }

  private static void add(
      Set<Right> rights, List<Subject> subjects, String namespace, List<PolicyRule> rules) {
    for (Subject subject : subjects) {
      String program = subject.getName().substring(PREFIX.length());
      for (PolicyRule rule : rules) {
        List<String> names =
            rule.getResourceNames().isEmpty() ? List.of("") : rule.getResourceNames();
        for (String group : rule.getApiGroups()) {
          for (String resource : rule.getResources()) {
            for (String name : names) {
              for (String verb : rule.getVerbs()) {
                rights.add(new Right(program, namespace, named(resource, group), name, verb));
              }
            }
          }
        }
      }
    }
  }

  /** The resource with its API group. */
  static String named(String resource, String group) {
    return group.isEmpty() ? resource : resource + "." + group;
  }

  /** Whether that request is what this right allows. */
  boolean allows(Right request) {
    return program.equals(request.program)
        && (namespace.isEmpty() || namespace.equals(request.namespace))
        && resource.equals(request.resource)
        && (name.isEmpty() || name.equals(request.name))
        && verb.equals(request.verb);
  }

  @Override
  public int compareTo(Right other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return "%s may %s %s%s%s"
        .formatted(
            program,
            verb,
            resource,
            name.isEmpty() ? "" : " " + name,
            namespace.isEmpty() ? "" : " in " + namespace);
  }
}
