package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netservice.deploy.Tutorial.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tutorial does what it says, line by line, from the start of its control plane to its end. It
 * has a control plane of its own, because starting one and installing is what it teaches.
 */
class TutorialIT {

  private static final Path PAGE = Path.of("docs/tutorial.md");

  /** To write new outputs into it, and to read them then: {@code -Dtutorial.write}. */
  @Test
  void commandsPrintWhatTheTutorialShows() throws IOException {
    Tutorial tutorial = Tutorial.of(PAGE);
    List<List<String>> outputs = new ArrayList<>();
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    try (Shell shell =
        new Shell(
            Path.of("..").toRealPath(),
            Map.of("PATH", java + ":" + System.getenv("PATH"), "KUBECONFIG", "/dev/null"))) {
      for (Command command : tutorial.commands()) {
        Shell.Result result = shell.run(command.text());
        String printed = String.join("\n", result.output());
        assertEquals(
            command.succeeds(),
            result.code() == 0,
            () ->
                "line %d: exit code %d of: %s%n%s"
                    .formatted(command.line(), result.code(), command.text(), printed));
        outputs.add(result.output());
        if (command.compared() && System.getProperty("tutorial.write") == null) {
          assertEquals(
              told(command.output()),
              told(result.output()),
              () -> "line %d: what is printed by: %s".formatted(command.line(), command.text()));
        }
      }
    }
    if (System.getProperty("tutorial.write") != null) {
      Files.writeString(PAGE, tutorial.with(outputs));
    }
  }

  /** An output without what the page says may differ. */
  private static String told(List<String> output) {
    return output.stream().map(TutorialIT::told).collect(Collectors.joining("\n"));
  }

  private static String told(String line) {
    return line.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME")
        .replaceAll("(?<= )(\\d+[smh]){1,2}(?= |$)", "AGE")
        .replaceAll("\\b10\\.96\\.\\d+\\.\\d+", "CLUSTER-IP")
        .replaceAll(" +", " ")
        .strip();
  }
}
