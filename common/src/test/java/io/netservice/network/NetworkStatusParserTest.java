package io.netservice.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkStatusParserTest {

  private static List<Attachment> parsed(String text) {
    return assertInstanceOf(NetworkStatus.Present.class, NetworkStatusParser.parse(text, "shop"))
        .attachments();
  }

  private static String reason(String text) {
    return assertInstanceOf(NetworkStatus.Malformed.class, NetworkStatusParser.parse(text, "shop"))
        .reason();
  }

  /** Interfaces and addresses of a pod of namespace shop on {@code network}. */
  private static String on(String network, String text) {
    NetworkName name = NetworkName.parse(network, "shop");
    return parsed(text).stream()
        .filter(attachment -> attachment.isOn(name))
        .map(attachment -> attachment.podInterface() + attachment.addresses())
        .collect(Collectors.joining(" "));
  }

  private static String refused(String ips) {
    return String.join(
        ", ", parsed("[{'ips':[%s]}]".formatted(ips).replace('\'', '"')).get(0).refused());
  }

  // What Multus writes

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          plain                               | shop/mx-default          | ''
          plain                               | default/mx-default       | ''
          ipv4                                | default/br4              | net1[10.10.0.10]
          ipv4                                | shop/br4                 | ''
          dual-stack                          | default/ds               | net1[10.20.0.2, fd00:20::2]
          twice-on-one-network                | default/ds               | net1[10.20.0.4, fd00:20::4] net2[10.20.0.5, fd00:20::5]
          named-interfaces-across-namespaces  | default/br4              | lan0[10.10.0.12]
          named-interfaces-across-namespaces  | storage/mv               | st0[198.51.100.2]
          named-interfaces-across-namespaces  | default/ds               | net3[10.20.0.6, fd00:20::6]
          no-ipam-and-ipv6-only               | default/l2               | net3[]
          no-ipam-and-ipv6-only               | default/chain            | net4[10.40.0.2]
          no-ipam-and-ipv6-only               | default/v6only           | net5[fd00:60::2]
          default-network-is-a-nad            | kube-system/alt-default  | eth0[10.50.0.2]
          default-network-is-a-nad            | default/br4              | net1[10.10.0.14]
          one-attachment-two-interfaces       | default/two              | net1[10.60.0.2] net1b[10.60.9.9]
          device-info                         | default/br4              | net1[10.10.0.20]
          """)
  void whatMultusWritesIsFoundByNetwork(String file, String network, String expected) {
    assertEquals(expected, on(network, RecordedStatus.read(file)));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void nothingThatMultusWritesIsRefused(String file) {
    for (Attachment attachment : parsed(RecordedStatus.read(file))) {
      assertEquals(List.of(), attachment.refused());
    }
  }

  static List<String> recorded() {
    return RecordedStatus.NAMES;
  }

  // Names

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          bare name belongs to the pod's namespace  | {'name':'core'}                          | shop/core  | [10.0.0.1]
          and to no other                           | {'name':'core'}                          | other/core | ''
          full name                                 | {'name':'other/core'}                    | other/core | [10.0.0.1]
          names are compared whole                  | {'name':'core'}                          | shop/cor   | ''
          case matters                              | {'name':'Core'}                          | shop/core  | ''
          default network with a bare name          | {'name':'core','default':true}           | shop/core  | ''
          default network with a full name          | {'name':'shop/core','default':true}      | shop/core  | [10.0.0.1]
          default is false                          | {'name':'core','default':false}          | shop/core  | [10.0.0.1]
          default is null                           | {'name':'core','default':null}           | shop/core  | [10.0.0.1]
          default stands before the name            | {'default':true,'name':'core'}           | shop/core  | ''
          interface is told                         | {'name':'core','interface':'net1'}       | shop/core  | net1[10.0.0.1]
          interface is null                         | {'name':'core','interface':null}         | shop/core  | [10.0.0.1]
          no name                                   | {}                                       | shop/core  | ''
          name is empty                             | {'name':''}                              | shop/core  | ''
          name is null                              | {'name':null}                            | shop/core  | ''
          name twice: the last counts, as in Go     | {'name':'other/core','name':'core'}      | shop/core  | [10.0.0.1]
          unknown fields of any kind                | {'x':[{'y':[1,{}]}],'name':'core','z':7} | shop/core  | [10.0.0.1]
          """)
  void entryIsFoundByItsName(String behaviour, String entry, String network, String expected) {
    String withAddress = entry.replaceFirst("\\{", "{'ips':['10.0.0.1'],").replace(",}", "}");
    assertEquals(expected, on(network, "[" + withAddress.replace('\'', '"') + "]"));
  }

  // Addresses

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no ips                          | {'name':'core'}                                      | []
          ips is null                     | {'name':'core','ips':null}                           | []
          ips is empty                    | {'name':'core','ips':[]}                             | []
          both families in their order    | {'name':'core','ips':['fd00::1','10.0.0.1']}         | [fd00::1, 10.0.0.1]
          one address in many spellings   | {'name':'core','ips':['FD00::0:1','fd00::1/64']}     | [fd00::1]
          prefix is cut off               | {'name':'core','ips':['10.0.0.1/24']}                | [10.0.0.1]
          IPv4-mapped is IPv4             | {'name':'core','ips':['::ffff:10.0.0.2/120']}        | [10.0.0.2]
          ips twice: the last counts      | {'name':'core','ips':['10.0.0.1'],'ips':['10.0.0.2']} | [10.0.0.2]
          unusable ones are left out      | {'name':'core','ips':['127.0.0.1','10.0.0.1','::']}  | [10.0.0.1]
          wrong types are left out        | {'name':'core','ips':[7,['10.0.0.9'],'10.0.0.1',{}]} | [10.0.0.1]
          """)
  void addressesAreCanonicalAndUsable(String behaviour, String entry, String expected) {
    assertEquals(expected, on("shop/core", "[" + entry.replace('\'', '"') + "]"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          '127.0.0.1'                          | "127.0.0.1" (loopback)
          '10.0.0.1','fe80::1','ff02::1'       | "fe80::1" (link-local), "ff02::1" (multicast)
          '0.0.0.0'                            | "0.0.0.0" (unspecified)
          '010.0.0.1'                          | "010.0.0.1" (not an IP address)
          'fd00::1%eth0'                       | "fd00::1%eth0" (not an IP address)
          ''                                   | "" (not an IP address)
          'localhost'                          | "localhost" (not an IP address)
          7                                    | "7" (not a string)
          null,true,1.5                        | "null" (not a string), "true" (not a string), "1.5" (not a string)
          {'a':['10.0.0.1']}                   | "{" (not a string)
          'a','b','c','d','e','f'              | "a" (not an IP address), "b" (not an IP address), "c" (not an IP address), "d" (not an IP address), and 2 more
          'a\\u0000\\u202e\\ud800'             | "a???" (not an IP address)
          """)
  void refusedAddressIsToldWithTheReason(String ips, String expected) {
    assertEquals(expected, refused(ips));
  }

  // Malformed

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                  | the status must be a list, at byte 0
          7                                   | the status must be a list, at byte 0
          null                                | the status must be a list, at byte 0
          'a'                                 | the status must be a list, at byte 0
          [1]                                 | an entry must be an object, at byte 1
          [{}, null]                          | an entry must be an object, at byte 5
          [[]]                                | an entry must be an object, at byte 1
          [{'name':7}]                        | name must be a string, at byte 9
          [{'name':{}}]                       | name must be a string, at byte 9
          [{'name':'a/b/c'}]                  | name "a/b/c" must be a name or namespace/name, at byte 9
          [{'name':'/b'}]                     | name "/b" must be a name or namespace/name, at byte 9
          [{'name':'a/'}]                     | name "a/" must be a name or namespace/name, at byte 9
          [{'interface':[]}]                  | interface must be a string, at byte 14
          [{'interface':true}]                | interface must be a string, at byte 14
          [{'ips':{}}]                        | ips must be a list, at byte 8
          [{'ips':'10.0.0.1'}]                | ips must be a list, at byte 8
          [{'default':'true'}]                | default must be true or false, at byte 12
          [{'default':1}]                     | default must be true or false, at byte 12
          [{'name':'\u00e9\u00e9'},7]         | an entry must be an object, at byte 17
          [] []                               | more text behind the list, at byte 3
          [                                   | not JSON at byte 1: Unexpected end-of-input
          [{'name':'a'}                       | not JSON at byte 13: Unexpected end-of-input
          [{'name':'a' 'ips':[]}]             | not JSON at byte 13: Unexpected character
          [{name:'a'}]                        | not JSON at byte 2: Unexpected character ('n'
          [{'name':nul}]                      | not JSON at byte 9: Unrecognized token 'nul'
          """)
  void wrongShapeIsToldWithItsPosition(String text, String expected) {
    String reason = reason(text.replace('\'', '"'));
    assertTrue(reason.startsWith(expected), reason);
  }

  @Test
  void nothingIsAbsent() {
    assertEquals(NetworkStatus.ABSENT, NetworkStatusParser.parse(null, "shop"));
    assertEquals(NetworkStatus.ABSENT, NetworkStatusParser.parse("", "shop"));
    assertEquals(NetworkStatus.ABSENT, NetworkStatusParser.parse(" \n", "shop"));
    assertEquals(List.of(), parsed("[]"));
  }

  // Bounds

  @Test
  void mebibyteOfNestingIsMalformed() {
    assertEquals("longer than 262144 characters: 1048576", reason("[".repeat(1 << 20)));
  }

  @Test
  void nestingIsBoundedAlsoInWhatIsSkipped() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    for (String text : List.of("[{\"x\":" + deep + "}]", "[{\"ips\":[" + deep + "]}]")) {
      String reason = reason(text);
      assertTrue(reason.contains("nesting depth"), reason);
    }
  }

  @Test
  void hundredThousandAddressesAreMalformed() {
    String text = "[{\"ips\":[" + "\"10.0.0.1\",".repeat(100_000) + "\"\"]}]";
    assertEquals("longer than 262144 characters: 1100014", reason(text));
  }

  @Test
  void anEntryHasAtMostSixtyFourAddressesAndTheOthersAreCounted() {
    String many =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "\"10.1." + i / 256 + "." + i % 256 + "\"")
            .collect(Collectors.joining(","));
    Attachment attachment = parsed("[{\"ips\":[" + many + "]}]").get(0);
    assertEquals(64, attachment.addresses().size());
    assertEquals(
        List.of("\"10.1.0.64\" (more than 64 addresses)", "and 9932 more"),
        List.of(attachment.refused().get(0), attachment.refused().get(4)));
  }

  @Test
  void thereAreAtMostTwoHundredFiftySixEntries() {
    String entries = "{},".repeat(255) + "{}";
    assertEquals(256, parsed("[" + entries + "]").size());
    assertEquals("more than 256 entries, at byte 769", reason("[" + entries + ",{}]"));
  }

  @Test
  void hugeStringIsToldInPart() {
    String huge = "x/y/".repeat(60_000);
    assertEquals(
        "name \"" + huge.substring(0, 61) + "...\" must be a name or namespace/name, at byte 9",
        reason("[{\"name\":\"" + huge + "\"}]"));
    assertEquals(
        "\"" + huge.substring(0, 61) + "...\" (not an IP address)", refused("'" + huge + "'"));
    assertTrue(reason("[{\"name\":" + huge + "}]").length() <= NetworkStatusParser.MAX_TOLD);
    assertTrue(reason("[{\"name\":1" + "0".repeat(1000) + "}]").contains("Number value length"));
  }
}
