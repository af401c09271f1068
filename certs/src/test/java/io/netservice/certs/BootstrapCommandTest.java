package io.netservice.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.netservice.runtime.Program;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapCommandTest {

  private final PrintStream standardOutput = System.out;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(standardOutput);
    System.setErr(standardError);
  }

  private static int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "bootstrap";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Program.execute(new Main(), all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--namespace=NAMESPACE",
        "--secret=NAME",
        "--service=NAME",
        "--webhook-configuration=NAME",
        "--host=HOST",
        "--ca-lifetime=DURATION",
        "--lifetime=DURATION",
        "--settle=DURATION",
        "--kubeconfig=FILE",
        "--log-level=LEVEL"
      })
  void helpNamesWhatEachOptionTakes(String option) {
    assertEquals(0, run("--help"));
    String help = out.toString(StandardCharsets.UTF_8);
    assertTrue(help.contains(" " + option), help);
    assertFalse(Pattern.compile("=<").matcher(help).find(), help);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --lifetime=1w          | Invalid value for option '--lifetime': '1w' must be a number with d, h, m or s, as 365d, above 0 and at most 36500d (see --help)
          --lifetime=0d          | Invalid value for option '--lifetime': '0d' must be a number with d, h, m or s, as 365d, above 0 and at most 36500d (see --help)
          --ca-lifetime=-1d      | Invalid value for option '--ca-lifetime': '-1d' must be a number with d, h, m or s, as 365d, above 0 and at most 36500d (see --help)
          --ca-lifetime=36501d   | Invalid value for option '--ca-lifetime': '36501d' must be a number with d, h, m or s, as 365d, above 0 and at most 36500d (see --help)
          --ca-lifetime=99999999999d | Invalid value for option '--ca-lifetime': '99999999999d' must be a number with d, h, m or s, as 365d, above 0 and at most 36500d (see --help)
          --host=Web             | --host Web: must be a DNS name in lower case or an IP address
          --host=a,b..c          | --host b..c: must be a DNS name in lower case or an IP address
          --host=10.0.0.256      | --host 10.0.0.256: must be a DNS name in lower case or an IP address
          --host=10.0.0.1/8      | --host 10.0.0.1/8: must be a DNS name in lower case or an IP address
          --host=fe80::1%eth0    | --host fe80::1%eth0: must be a DNS name in lower case or an IP address
          --lifetime=3651d       | --lifetime 3651d: must be at most as long as --ca-lifetime, which is 3650d
          --ca-lifetime=36h      | --lifetime 365d: must be at most as long as --ca-lifetime, which is 36h
          --lifetime=91m --ca-lifetime=1h | --lifetime 91m: must be at most as long as --ca-lifetime, which is 1h
          --kubeconfig=/no/file  | --kubeconfig /no/file: must be a file that can be read
          """)
  void wrongValueIsToldByItsOption(String arguments, String expected) {
    assertEquals(2, run(arguments.split(" ")));
    assertEquals(
        "netservice-certs bootstrap: " + expected + "\n", err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"365d, PT8760H", "12h, PT12H", "90m, PT1H30M", "30s, PT30S", "36500d, PT876000H"})
  void lifetimesAreReadInTheirUnits(String text, Duration expected) {
    assertEquals(expected, new Lifetime().convert(text));
    assertEquals(text, Lifetime.text(expected));
  }

  @Test
  void aCertificateMayLiveAsLongAsItsAuthority() {
    assertEquals(2, run("--lifetime=36h", "--ca-lifetime=36h", "--kubeconfig=/no/file"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("--kubeconfig /no/file"));
  }

  @Test
  void hostsComeBesideTheNamesOfTheService() {
    List<String> own = List.of("hook.shop.svc", "hook.shop.svc.cluster.local", "hook.shop", "hook");
    assertEquals(own, Hosts.ofWebhook("hook", "shop", List.of()));
    assertEquals(
        Stream.concat(own.stream(), Stream.of("10.0.0.1", "hook.example.org", "fd00::1")).toList(),
        Hosts.ofWebhook(
            "hook",
            "shop",
            List.of("10.0.0.1", "hook", "hook.example.org", "fd00:0::1", "FD00::1")));
  }

  @Test
  void missingPermissionIsOneLineWithVerbAndObject(@TempDir Path directory) throws Exception {
    HttpServer refusing =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] answer =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,
         "message":"secrets \\"tls\\" is forbidden: User \\"eve\\" cannot get resource \\"secrets\\""}
        """
            .getBytes(StandardCharsets.UTF_8);
    refusing.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(403, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    refusing.start();
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "it",
         "clusters": [{"name": "it", "cluster": {"server": "http://127.0.0.1:%d"}}],
         "users": [{"name": "it", "user": {}}],
         "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}
        """
            .formatted(refusing.getAddress().getPort()));
    try {
      assertEquals(1, run("--kubeconfig=" + kubeconfig, "--secret=tls"));
    } finally {
      refusing.stop(0);
    }
    assertEquals(
        "netservice-certs bootstrap: can't get Secret netservice-system/tls: secrets \"tls\" is"
            + " forbidden: User \"eve\" cannot get resource \"secrets\"\n",
        err.toString(StandardCharsets.UTF_8));
  }
}
