package io.netservice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ProgramTest {

  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @Command(
      name = "tool",
      subcommands = {Work.class, Reach.class})
  private static final class Tool extends Program {
    @Override
    public Integer call() {
      return 0;
    }
  }

  @Command(name = "work")
  private static final class Work extends Program {

    @Option(names = "--count", paramLabel = "COUNT", defaultValue = "1")
    private int count;

    @Override
    public Integer call() throws IOException {
      if (count < 0) {
        throw new IllegalArgumentException("--count " + count + ": must be\n  0 or more");
      } else if (count > 9) {
        throw new IOException("the work failed");
      }
      return 0;
    }
  }

  /** Tells which server it would reach. */
  @Command(name = "reach")
  private static final class Reach extends Program {
    @Override
    public Integer call() {
      System.err.println(clientConfig().getMasterUrl().replaceAll("https://|:6443/?", ""));
      return 0;
    }
  }

  private int run(String... arguments) {
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    return Program.execute(new Tool(), arguments);
  }

  @AfterEach
  void restore() {
    System.setErr(standardError);
    Program.execute(new Tool(), "--log-level=info");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --log-level=loud      | 2 | tool: --log-level loud: must be error, warn, info, debug or trace (see --help)
          work --log-level=off  | 2 | tool work: --log-level off: must be error, warn, info, debug or trace (see --help)
          --log-level=          | 2 | tool: --log-level : must be error, warn, info, debug or trace (see --help)
          --log-format=xml      | 2 | tool: --log-format xml: must be text or json (see --help)
          work --log-format=x   | 2 | tool work: --log-format x: must be text or json (see --help)
          --colour              | 2 | tool: Unknown option: '--colour' (see --help)
          play                  | 2 | tool: Unmatched argument at index 0: 'play' (see --help)
          work --count=x        | 2 | tool work: Invalid value for option '--count': 'x' is not an int (see --help)
          work --count          | 2 | tool work: Missing required parameter for option '--count' (COUNT) (see --help)
          work --count=-1       | 2 | tool work: --count -1: must be 0 or more
          work --count=10       | 1 | tool work: the work failed
          """)
  void failureIsOneLineThatNamesOptionAndValue(String line, int exitCode, String expected) {
    assertEquals(exitCode, run(line.split(" ")));
    assertEquals(expected + "\n", told.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"error, false", "INFO, false", "debug, true", "Trace, true"})
  void logLevelIsSet(String level, boolean debug) {
    assertEquals(0, run("work", "--log-level=" + level));
    assertEquals("", told.toString(StandardCharsets.UTF_8));
    assertEquals(debug, LoggerFactory.getLogger("io.netservice.x").isDebugEnabled());
  }

  @ParameterizedTest
  @CsvSource({
    "--log-level=debug work, true",
    "--log-level=debug work --log-level=info, false",
    "--log-level=info work --log-level=debug, true",
    "work, false"
  })
  void logLevelBeforeTheSubcommandHoldsUnlessSaidAgain(String line, boolean debug) {
    assertEquals(0, run(line.split(" ")));
    assertEquals(debug, LoggerFactory.getLogger("io.netservice.x").isDebugEnabled());
  }

  @ParameterizedTest
  @CsvSource({
    "--kubeconfig=first reach, first",
    "--kubeconfig=first reach --kubeconfig=second, second",
    "reach --kubeconfig=second, second",
    "reach --kubeconfig=third, tool reach: --kubeconfig third: must be a file that can be read",
    "--kubeconfig=third reach, tool reach: --kubeconfig third: must be a file that can be read"
  })
  void kubeconfigBeforeTheSubcommandHoldsUnlessSaidAgain(
      String line, String expected, @TempDir Path folder) throws IOException {
    for (String name : List.of("first", "second")) {
      Files.writeString(
          folder.resolve(name),
          """
          {"apiVersion": "v1", "kind": "Config", "current-context": "it",
           "clusters": [{"name": "it", "cluster": {"server": "https://%s:6443"}}],
           "users": [{"name": "it", "user": {}}],
           "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}
          """
              .formatted(name));
    }
    run(line.replace("--kubeconfig=", "--kubeconfig=" + folder + "/").split(" "));
    assertEquals(expected, told.toString(StandardCharsets.UTF_8).replace(folder + "/", "").strip());
  }

  @Test
  void everyOptionHasAVariable() {
    assertEquals("NETSERVICE_METRICS_PORT", Program.variable("--metrics-port"));
  }

  @Test
  void allIsClosedInReverseAlsoWhenOneFails() {
    List<String> closed = new ArrayList<>();
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                Program.closeAll(
                    List.<AutoCloseable>of(
                        () -> closed.add("first"),
                        () -> {
                          throw new IllegalStateException("stuck");
                        },
                        () -> closed.add("last"))));
    assertEquals(List.of("last", "first"), closed);
    assertTrue(failure.getCause() instanceof IllegalStateException);
  }
}
