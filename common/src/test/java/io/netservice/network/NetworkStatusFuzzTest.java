package io.netservice.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Whatever the bytes of the annotation, there is an answer within bounds: recorded annotations with
 * bytes changed, cut out, put in and repeated. More of it with {@code -Djqwik.tries.default=N}.
 */
class NetworkStatusFuzzTest {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Pattern INVISIBLE = Pattern.compile("\\p{C}");

  /** What JSON and addresses are made of, so that much of what comes out is nearly right. */
  private static final List<String> WORDS =
      List.of(
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "\\u202e",
          "null",
          "true",
          "1e999",
          "-",
          "\"name\":",
          "\"ips\":[",
          "\"default\":",
          "\"interface\":",
          "/",
          "::",
          ".0",
          "::ffff:10.0.0.1",
          "/24",
          "%eth0",
          "\u00c3\u00a9",
          "\u0000",
          "\n",
          "{\"x\":",
          "[[[[",
          "]]]]");

  /** Puts bytes (as ISO 8859-1) at a place, in thousandths of what is there, for others. */
  private record Edit(int place, int length, String instead, int times) {

    byte[] of(byte[] before) {
      int from = before.length * place / 1000;
      int to = Math.min(before.length, from + length);
      ByteArrayOutputStream after = new ByteArrayOutputStream();
      after.write(before, 0, from);
      for (int i = 0; i < times && after.size() < NetworkStatusParser.MAX_LENGTH + 1000; i++) {
        after.writeBytes(instead.getBytes(StandardCharsets.ISO_8859_1));
      }
      after.write(before, to, before.length - to);
      return after.toByteArray();
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void thereIsAnAnswerWithinBounds(@ForAll("mutated") byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    long began = THREADS.getCurrentThreadCpuTime();
    NetworkStatus status = NetworkStatusParser.parse(text, "shop");
    long nanos = THREADS.getCurrentThreadCpuTime() - began;

    // Proportional to the length, with room for a slow machine: a square of it would be minutes.
    assertTrue(
        nanos < TimeUnit.SECONDS.toNanos(1) + text.length() * TimeUnit.MICROSECONDS.toNanos(10),
        () -> text.length() + " characters took " + nanos + " ns");
    Statistics.collect(status.getClass());
    Statistics.coverage(
        kinds -> {
          kinds.check(NetworkStatus.Present.class).percentage(share -> share > 10);
          kinds.check(NetworkStatus.Malformed.class).percentage(share -> share > 10);
        });
    if (status instanceof NetworkStatus.Present present) {
      assertTrue(present.attachments().size() <= NetworkStatusParser.MAX_ATTACHMENTS);
      present.attachments().forEach(NetworkStatusFuzzTest::isBounded);
    } else if (status instanceof NetworkStatus.Malformed malformed) {
      isReadable(malformed.reason());
    } else {
      assertTrue(text.isBlank());
    }
  }

  private static void isBounded(Attachment attachment) {
    assertTrue(attachment.addresses().size() <= NetworkStatusParser.MAX_ADDRESSES);
    for (IpAddress address : attachment.addresses()) {
      assertEquals(Optional.of(address), IpAddress.parse(address.text()), "not canonical");
      assertEquals(Optional.empty(), address.unusable());
    }
    assertTrue(attachment.refused().size() <= NetworkStatusParser.MAX_REFUSED + 1);
    attachment.refused().forEach(NetworkStatusFuzzTest::isReadable);
  }

  private static void isReadable(String told) {
    assertFalse(told.isBlank());
    assertTrue(told.length() <= NetworkStatusParser.MAX_TOLD, told);
    assertFalse(INVISIBLE.matcher(told).find(), told);
  }

  @Provide
  Arbitrary<byte[]> mutated() {
    Arbitrary<byte[]> recorded =
        Arbitraries.of(RecordedStatus.NAMES)
            .map(name -> RecordedStatus.read(name).getBytes(StandardCharsets.UTF_8));
    return Combinators.combine(recorded, edits().list().ofMaxSize(6))
        .as(
            (seed, edits) -> {
              byte[] bytes = seed;
              for (Edit edit : edits) {
                bytes = edit.of(bytes);
              }
              return bytes;
            });
  }

  private static Arbitrary<Edit> edits() {
    Arbitrary<String> anyBytes = Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(6);
    return Combinators.combine(
            Arbitraries.integers().between(0, 1000),
            Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.integers().between(0, 4)),
                Tuple.of(1, Arbitraries.integers().between(0, 1000))),
            Arbitraries.oneOf(anyBytes, Arbitraries.of(WORDS)),
            Arbitraries.frequency(Tuple.of(400, 1), Tuple.of(40, 20), Tuple.of(1, 200_000)))
        .as(Edit::new);
  }
}
