package io.netservice.syncer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netservice.runtime.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a person is told when the program can't start: one line, without a stack trace. Only one row
 * may get as far as the metrics: a process registers them once.
 */
class MainTest {

  @TempDir private Path directory;

  private int run(ByteArrayOutputStream told, String... arguments) throws IOException {
    // Nobody answers there: a program that can't listen doesn't ask.
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "it",
         "clusters": [{"name": "it", "cluster": {"server": "http://127.0.0.1:1"}}],
         "users": [{"name": "it", "user": {}}],
         "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}
        """);
    PrintStream standardError = System.err;
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      return Program.execute(
          new Main(),
          Stream.concat(Stream.of("--kubeconfig=" + kubeconfig), Stream.of(arguments))
              .toArray(String[]::new));
    } finally {
      System.setErr(standardError);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --bind-address=127.0.0.1 --metrics-port=TAKEN | 1 | --metrics-port TAKEN at --bind-address 127.0.0.1: Address already in use
          --workers=0                                   | 2 | --workers 0: must be from 1 to 64
          --lease-duration=soon                         | 2 | --lease-duration soon: must be a time, as 500ms, 15s, 2m or 1h
          --renew-deadline=20s --leader-elect=false     | 2 | --renew-deadline 20s: must be less than --lease-duration 15s
          --lease-name=A_b                              | 2 | --lease-name A_b: must be a name of lower case letters, digits, '-' and '.'
          """)
  void failureToStartIsOneLineWithOptionAndValue(String arguments, int exitCode, String expected)
      throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      ByteArrayOutputStream told = new ByteArrayOutputStream();
      assertEquals(exitCode, run(told, arguments.replace("TAKEN", port).split(" ")));
      assertEquals(
          "netservice-syncer: " + expected.replace("TAKEN", port) + "\n",
          told.toString(StandardCharsets.UTF_8));
    }
  }
}
