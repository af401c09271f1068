package io.netservice.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "10.0.0.5/24, 10.0.0.5",
    "FD00:0:0:0:0:0:0:A, fd00::a",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "1::, 1::",
    "::1, ::1",
    "::, ::",
    "fd00::1/64, fd00::1",
    "::ffff:10.0.0.2, 10.0.0.2"
  })
  void oneAddressHasOneSpelling(String text, String canonical) {
    assertEquals(canonical, IpAddress.parse(text).orElseThrow().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "a",
        "1",
        "10.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "10.0.0.1/33",
        "10.0.0.1/",
        "10.0.0.1/x",
        "fd00::1%eth0",
        "fd00::1::2",
        ":",
        "1:2:3",
        "[::1]",
        "10.0.0.1 ",
        "a:b.example"
      })
  void whatIsNoLiteralIsNoAddress(String text) {
    assertEquals(java.util.Optional.empty(), IpAddress.parse(text));
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
    "224.0.0.1, multicast",
    "ff02::1, multicast",
    "255.255.255.255, broadcast"
  })
  void whatCanBeNobodysEndpoint(String text, String reason) {
    assertEquals(reason, IpAddress.parse(text).orElseThrow().unusable().orElseThrow());
  }
}
