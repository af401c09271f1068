package io.netservice.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The set of reasons is closed and documented: in the README, and by kubectl explain. */
class ReasonTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\|.*\\| `(\\w+)` +\\|.*$");

  @Test
  void readmeHasARowForEachReasonAndNoOther() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    int begin = readme.indexOf("| condition");
    assertTrue(begin >= 0, "the table of reasons begins with | condition");
    String table = readme.substring(begin, readme.indexOf("\n\n", begin));
    assertEquals(
        Arrays.stream(Reason.values()).map(Reason::value).sorted().toList(),
        ROW.matcher(table).results().map(row -> row.group(1)).sorted().toList());
  }

  @Test
  void kubectlExplainNamesEachReasonAndNoOther() throws IOException {
    String crd =
        Files.readString(Path.of("../deploy/base/crd/netservices.netservice.cni.cncf.io.yaml"))
            .replaceAll("\\s+", " ");
    for (String type : List.of(Condition.READY, Condition.DEGRADED)) {
      String expected = type + ": " + String.join(", ", Reason.valuesOf(type)) + ".";
      assertTrue(crd.contains(expected), expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void valueIsWhatTheApiAcceptsAndLeadsBack(Reason reason) {
    assertTrue(reason.value().matches("[A-Z][A-Za-z]+"), reason.value());
    assertEquals(Optional.of(reason), Reason.of(reason.value()));
  }
}
