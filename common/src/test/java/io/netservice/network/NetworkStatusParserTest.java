package io.netservice.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkStatusParserTest {

  private static String recorded(String file) throws IOException {
    try (InputStream in =
        NetworkStatusParserTest.class.getResourceAsStream("/network-status/" + file + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Attachment> parsed(String text) {
    return assertInstanceOf(NetworkStatus.Present.class, NetworkStatusParser.parse(text, "shop"))
        .attachments();
  }

  private static String on(String network, String text) {
    NetworkName name = NetworkName.parse(network, "shop");
    return parsed(text).stream()
        .filter(attachment -> attachment.isOn(name))
        .map(a -> a.podInterface() + a.addresses())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plain                               | shop/mx-default          |
          ipv4                                | default/br4              | net1[10.10.0.10]
          dual-stack                          | default/ds               | net1[10.20.0.2, fd00:20::2]
          twice-on-one-network                | default/ds               | net1[10.20.0.4, fd00:20::4] net2[10.20.0.5, fd00:20::5]
          named-interfaces-across-namespaces  | storage/mv               | st0[198.51.100.2]
          named-interfaces-across-namespaces  | default/br4              | lan0[10.10.0.12]
          no-ipam-and-ipv6-only               | default/l2               | net3[]
          no-ipam-and-ipv6-only               | default/v6only           | net5[fd00:60::2]
          default-network-is-a-nad            | kube-system/alt-default  | eth0[10.50.0.2]
          one-attachment-two-interfaces       | default/two              | net1[10.60.0.2] net1b[10.60.9.9]
          device-info                         | default/br4              | net1[10.10.0.20]
          """)
  void whatMultusWrites(String file, String network, String expected) throws IOException {
    assertEquals(expected == null ? "" : expected, on(network, recorded(file)));
  }

  @Test
  void bareNameBelongsToThePodsNamespaceAndNamesAreComparedWhole() {
    String text = "[{\"name\":\"core\",\"ips\":[\"10.0.0.1\"]}]";
    assertEquals("[10.0.0.1]", on("shop/core", text));
    assertEquals("", on("other/core", text));
    assertEquals("", on("shop/cor", text));
  }

  @Test
  void unusableAddressesAreLeftOutOneByOne() {
    Attachment attachment =
        parsed(
                "[{\"name\":\"core\",\"ips\":[\"127.0.0.1\",\"10.0.0.1/24\",7,\"fe80::1\",\"x\","
                    + "\"10.0.0.1\",\"FD00::0:1\",\"::ffff:10.0.0.2\"]}]")
            .get(0);
    assertEquals("[10.0.0.1, fd00::1, 10.0.0.2]", attachment.addresses().toString());
    assertTrue(attachment.refused().get(0).contains("loopback"), attachment.refused()::toString);
    assertEquals(4, attachment.refused().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[",
        "[1]",
        "7",
        "[{\"name\":7}]",
        "[{\"name\":\"a/b/c\"}]",
        "[{\"ips\":{}}]",
        "[{\"default\":\"x\"}]",
        "[] []",
        "[{\"interface\":[]}]",
        "\u0000",
        "[{\"name\":\"a\"}"
      })
  void wrongShapeIsMalformedWithAReason(String text) {
    var malformed =
        assertInstanceOf(
            NetworkStatus.Malformed.class, NetworkStatusParser.parse(text, "shop"), text);
    assertTrue(!malformed.reason().isBlank());
  }

  @Test
  void nothingIsAbsent() {
    assertEquals(NetworkStatus.ABSENT, NetworkStatusParser.parse(null, "shop"));
    assertEquals(NetworkStatus.ABSENT, NetworkStatusParser.parse(" ", "shop"));
  }

  @Test
  void sizeAndDepthAreBounded() {
    for (String text :
        List.of(
            "[".repeat(1 << 20),
            "[".repeat(1000),
            "[{\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}]",
            "[" + "{},".repeat(1000) + "{}]",
            "[{\"ips\":[" + "\"10.0.0.1\",".repeat(100_000) + "\"\"]}]")) {
      assertInstanceOf(NetworkStatus.Malformed.class, NetworkStatusParser.parse(text, "shop"));
    }
    StringBuilder many = new StringBuilder("[{\"name\":\"core\",\"ips\":[\"10.0.0.0\"");
    for (int i = 1; i < 10_000; i++) {
      many.append(",\"10.0.").append(i / 256).append('.').append(i % 256).append('"');
    }
    assertEquals(
        NetworkStatusParser.MAX_ADDRESSES,
        parsed(many.append("]}]").toString()).get(0).addresses().size());
  }

  @Test
  void whateverTheTextThereIsAnAnswer() throws IOException {
    Random random = new Random(20260101);
    String alphabet = "[]{}\",:/.0123456789abcdefnulltrueips\\ \u0000\u00e9";
    List<String> seeds = List.of(recorded("dual-stack"), recorded("no-ipam-and-ipv6-only"));
    for (int run = 0; run < 20_000; run++) {
      StringBuilder text = new StringBuilder(seeds.get(run % seeds.size()));
      for (int edit = random.nextInt(6); edit >= 0; edit--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
        }
      }
      NetworkStatus status = NetworkStatusParser.parse(text.toString(), "shop");
      if (status instanceof NetworkStatus.Present present) {
        present
            .attachments()
            .forEach(
                attachment ->
                    attachment
                        .addresses()
                        .forEach(
                            address ->
                                assertTrue(address.unusable().isEmpty(), address::toString)));
      }
    }
  }
}
