package io.netservice.syncer.watch;

import static io.netservice.syncer.watch.PodBytes.envelope;
import static io.netservice.syncer.watch.PodBytes.event;
import static io.netservice.syncer.watch.PodBytes.pod;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.syncer.protobuf.ProtobufWriter;
import io.netservice.syncer.watch.PodDecoder.WatchedPod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufFormatTest {

  private final ProtobufFormat<WatchedPod> format =
      new ProtobufFormat<>(new PodDecoder(true, new SharedStrings()));

  private WatchEvent<WatchedPod> read(byte[] event) throws IOException {
    byte[] within = new byte[event.length + 4];
    System.arraycopy(event, 0, within, 2, event.length);
    return format.event(within, 2, event.length);
  }

  private static byte[] bookmark(String version, boolean end) {
    ProtobufWriter to = new ProtobufWriter(0);
    int metadata = to.begin(1);
    to.string(1, "").string(6, version);
    if (end) {
      int entry = to.begin(12);
      to.string(1, "k8s.io/initial-events-end").string(2, "true").end(entry);
    }
    return event("BOOKMARK", envelope("Pod", to.end(metadata).bytes()));
  }

  @Test
  void anEventTellsAnObject() throws IOException {
    WatchEvent<WatchedPod> event = read(pod("a").event("MODIFIED"));
    assertEquals(WatchEvent.Type.MODIFIED, event.type());
    assertEquals("17", event.resourceVersion());
    assertEquals("a", event.item().key());
    assertEquals("u-1", event.item().object().view().uid());
    assertEquals(WatchEvent.Type.ADDED, read(pod("a").event("ADDED")).type());
    assertEquals(WatchEvent.Type.DELETED, read(pod("a").event("DELETED")).type());
  }

  @Test
  void aBookmarkTellsTheVersionAndWhetherAllHasBeenTold() throws IOException {
    assertEquals(WatchEvent.Type.BOOKMARK, read(bookmark("99", false)).type());
    assertEquals("99", read(bookmark("99", false)).resourceVersion());
    assertFalse(read(bookmark("99", false)).initialEnd());
    assertTrue(read(bookmark("99", true)).initialEnd());
  }

  @Test
  void anErrorHasACode() throws IOException {
    byte[] status =
        new ProtobufWriter(0)
            .string(2, "Failure")
            .string(3, "too old resource version: 1 (2)")
            .string(4, "Expired")
            .number(6, 410)
            .bytes();
    WatchEvent<WatchedPod> event = read(event("ERROR", envelope("Status", status)));
    assertEquals(WatchEvent.Type.ERROR, event.type());
    assertEquals(410, event.code());
    assertEquals("too old resource version: 1 (2)", event.message());
  }

  @Test
  void whatIsNoEventIsAnError() {
    assertThrows(IOException.class, () -> read(new byte[0]));
    assertThrows(IOException.class, () -> read("{\"type\":\"ADDED\"}".getBytes(UTF_8)));
    assertThrows(IOException.class, () -> read(pod("a").event("NEWS")));
    assertThrows(IOException.class, () -> read(event("ADDED", pod("a").bytes())));
    byte[] whole = pod("a").event("ADDED");
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(IOException.class, () -> read(part), () -> "cut at " + part.length);
    }
  }

  @Test
  void bytesThatAreWrongInAnyPlaceAreAnErrorOrAnObjectAndNothingElse() {
    byte[] whole = pod("a").annotated("k8s.v1.cni.cncf.io/network-status", "[{}]").event("ADDED");
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      byte[] wrong = whole.clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        wrong[random.nextInt(wrong.length)] = (byte) random.nextInt();
      }
      try {
        read(wrong);
      } catch (IOException expected) {
        assertFalse(expected.getMessage().isEmpty());
      }
    }
  }

  private WireFormat.ListEnd list(byte[] bytes, int piece, List<String> names) throws IOException {
    WireFormat.ListReader reader = format.list(item -> names.add(item.key()));
    for (int from = 0; from < bytes.length; from += piece) {
      reader.feed(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
    }
    return reader.end();
  }

  @Test
  void aListIsReadObjectByObjectHoweverItsBytesAreCut() throws IOException {
    byte[] bytes = PodBytes.list("5", "tok", pod("a"), pod("b"), pod("c"));
    for (int piece = 1; piece <= bytes.length; piece++) {
      List<String> names = new ArrayList<>();
      assertEquals(new WireFormat.ListEnd("5", "tok"), list(bytes, piece, names));
      assertEquals(List.of("a", "b", "c"), names);
    }
  }

  @Test
  void ofAListThatGoesOnEachObjectIsHandedOnWhenItIsThere() throws IOException {
    byte[] bytes = PodBytes.list("5", "", pod("a"), pod("b"));
    List<String> names = new ArrayList<>();
    WireFormat.ListReader reader = format.list(item -> names.add(item.key()));
    reader.feed(ByteBuffer.wrap(bytes, 0, bytes.length - pod("b").bytes().length));
    assertEquals(List.of("a"), names);
  }

  @Test
  void aListOfNothingIsAListToo() throws IOException {
    List<String> names = new ArrayList<>();
    assertEquals(new WireFormat.ListEnd("5", ""), list(PodBytes.list("5", ""), 7, names));
    assertEquals(List.of(), names);
  }

  @Test
  void aListThatIsCutOffIsAnError() {
    byte[] whole = PodBytes.list("5", "", pod("a"));
    // The last four bytes are the envelope's own.
    for (int length = 0; length < whole.length - 4; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(
          IOException.class,
          () -> list(part, 64, new ArrayList<>()),
          () -> "cut at " + part.length);
    }
    assertThrows(IOException.class, () -> list("{\"kind\":".getBytes(UTF_8), 64, List.of()));
  }
}
