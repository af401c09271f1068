package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's table of permissions says what the rules allow, all of it and no more. */
class PermissionsTableTest {

  /** A resource in backticks, and the name of the one object in brackets. */
  private static final Pattern ON_WHAT =
      Pattern.compile("`([^`]+)`(?:\\\\\\*)?(?: \\(`([^`]+)`\\))?");

  @Test
  void tableIsWhatTheRulesAllow() throws IOException {
    Set<Right> told = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../README.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 7 && Set.of("syncer", "webhook", "certs").contains(cells[1].strip())) {
        assertFalse(cells[5].isBlank(), line);
        add(told, cells);
      }
    }
    assertEquals(Right.ofInstall(), told);
  }

  @Test
  void namespacedInstallAllowsTheSameButInItsNamespacesAlone() throws IOException {
    Map<String, List<PolicyRule>> inNamespace =
        Right.rules(Path.of("../deploy/components/namespaced/in-namespace/rbac.yaml"), "Role");
    assertEquals(Set.of("netservice-syncer", "netservice-webhook"), inNamespace.keySet());
    for (String program : List.of("syncer", "webhook")) {
      String name = "netservice-" + program;
      assertEquals(
          Right.rules(Path.of("../deploy/base", program, "rbac.yaml"), "ClusterRole").get(name),
          inNamespace.get(name));
    }
  }

  private static void add(Set<Right> told, String[] cells) {
    String namespace = cells[2].strip().equals("everywhere") ? "" : "netservice-system";
    Matcher each = ON_WHAT.matcher(cells[3]);
    while (each.find()) {
      for (String verb : List.of(cells[4].strip().split(", "))) {
        told.add(
            new Right(
                cells[1].strip(),
                namespace,
                each.group(1),
                each.group(2) == null ? "" : each.group(2),
                verb));
      }
    }
  }
}
