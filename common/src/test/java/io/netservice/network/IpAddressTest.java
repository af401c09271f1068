package io.netservice.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netservice.api.IpFamily;
import java.net.InetAddress;
import java.util.Optional;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          as it is                               | 10.0.0.1                      | 10.0.0.1
          every octet's least and greatest       | 0.255.0.255                   | 0.255.0.255
          prefix is cut off                      | 10.0.0.5/24                   | 10.0.0.5
          shortest prefix                        | 10.0.0.5/0                    | 10.0.0.5
          longest prefix of IPv4                 | 10.0.0.5/32                   | 10.0.0.5
          prefix of IPv6 is cut off              | fd00::1/64                    | fd00::1
          longest prefix of IPv6                 | fd00::1/128                   | fd00::1
          upper case and no compression          | FD00:0:0:0:0:0:0:A            | fd00::a
          leading zeros of groups                | fd00:0000:0001:0::000a        | fd00:0:1::a
          first of two equal runs of zeros       | 2001:db8:0:0:1:0:0:1          | 2001:db8::1:0:0:1
          longest run of zeros                   | 1:0:0:2:0:0:0:3               | 1:0:0:2::3
          one zero alone is not compressed       | 2001:db8:0:1:1:1:1:1          | 2001:db8:0:1:1:1:1:1
          :: for one zero                        | 1:2:3:4::6:7:8                | 1:2:3:4:0:6:7:8
          zeros at the end                       | 1:0:0:0:0:0:0:0               | 1::
          zeros at the beginning                 | 0:0:0:0:0:0:0:1               | ::1
          nothing but zeros                      | 0:0:0:0:0:0:0:0               | ::
          :: at the end                          | 1:2:3:4:5:6:7::               | 1:2:3:4:5:6:7:0
          :: at the beginning                    | ::2:3:4:5:6:7:8               | 0:2:3:4:5:6:7:8
          IPv4 at the end                        | 64:ff9b::192.0.2.33           | 64:ff9b::c000:221
          IPv4 behind six groups                 | 1:2:3:4:5:6:7.8.9.10          | 1:2:3:4:5:6:708:90a
          IPv4-compatible is IPv6                | ::1.2.3.4                     | ::102:304
          IPv4-mapped is IPv4                    | ::ffff:10.0.0.2               | 10.0.0.2
          IPv4-mapped in hexadecimal             | ::FFFF:a00:2                  | 10.0.0.2
          IPv4-mapped at its longest             | 0000:0000:0000:0000:0000:ffff:255.255.255.254 | 255.255.255.254
          prefix of IPv4-mapped counts as IPv6's | ::ffff:10.0.0.1/120           | 10.0.0.1
          longest prefix of IPv4-mapped          | ::ffff:10.0.0.1/128           | 10.0.0.1
          """)
  void oneAddressHasOneSpelling(String behaviour, String text, String canonical) {
    IpAddress address = IpAddress.parse(text).orElseThrow();
    assertEquals(canonical, address.text());
    assertEquals(canonical.contains(":") ? IpFamily.IPV6 : IpFamily.IPV4, address.family());
    assertEquals(Optional.of(address), IpAddress.parse(canonical));
  }

  /** What Go's netip.ParseAddr and netip.ParsePrefix refuse. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/24",
        "localhost",
        "a",
        "1",
        "167772161",
        "0x0a000001",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "10.0.0.256",
        "10.0.0.1000",
        "10.0.0.0x1",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.1 ",
        " 10.0.0.1",
        "10.0.0.\u0661",
        "010.0.0.1",
        "10.0.0.00",
        "10.0.0.1:80",
        "10.0.0.1%eth0",
        "10.0.0.1/33",
        "10.0.0.1/",
        "10.0.0.1/x",
        "10.0.0.1/08",
        "10.0.0.1/+8",
        "10.0.0.1/-8",
        "10.0.0.1/24/8",
        ":",
        ":1",
        "1:",
        ":::",
        "1:2:3",
        "1:2:3:4:5:6:7:",
        ":2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "fd00::1::2",
        "fd00:::1",
        "12345::",
        "00001::",
        "g::",
        "+1::",
        "\u0661::",
        "[::1]",
        "a:b.example",
        "fd00::1%eth0",
        "fd00::1%",
        "fd00::1/129",
        "fd00::1/064",
        "fd00::1%eth0/64",
        "::ffff:010.0.0.1",
        "::ffff:10.0.0.01",
        "::ffff:10.0.0",
        "::ffff:10.0.0.256",
        "::ffff:10.0.0.1/129",
        "::10.0.0.1:1",
        "10.0.0.1::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "1:2:3:4:5:6::1.2.3.4",
        "0000:0000:0000:0000:0000:ffff:255.255.255.2555"
      })
  void whatIsNoLiteralIsNoAddress(String text) {
    assertEquals(Optional.empty(), IpAddress.parse(text));
  }

  @Test
  void everyPatternOfZeroGroupsReadsBackAsItself() throws Exception {
    for (int pattern = 0; pattern < 256; pattern++) {
      StringJoiner spelledOut = new StringJoiner(":");
      for (int group = 0; group < 8; group++) {
        spelledOut.add((pattern >> group & 1) == 0 ? "0000" : "0bc" + group);
      }
      IpAddress address = IpAddress.parse(spelledOut.toString()).orElseThrow();
      assertEquals(Optional.of(address), IpAddress.parse(address.text()));
      assertEquals(
          InetAddress.getByName(spelledOut.toString()), InetAddress.getByName(address.text()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, unspecified",
    "::, unspecified",
    "127.1.2.3, loopback",
    "::1, loopback",
    "::ffff:127.0.0.1, loopback",
    "169.254.0.1, link-local",
    "fe80::1, link-local",
    "febf::1, link-local",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "ff02::1, multicast",
    "ff0e::1, multicast",
    "255.255.255.255, broadcast"
  })
  void whatCanBeNobodysEndpoint(String text, String reason) {
    assertEquals(reason, IpAddress.parse(text).orElseThrow().unusable().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "169.253.255.255", "223.255.255.255", "fd00::1", "fec0::1"})
  void whatCanBeAnEndpoint(String text) {
    assertEquals(Optional.empty(), IpAddress.parse(text).orElseThrow().unusable());
  }
}
