package io.netservice.syncer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

  private final JsonFormat<String> format =
      new JsonFormat<>(new Zones(node -> {}), JsonFormat.Content.ALL);

  private WatchEvent<String> read(String line) throws IOException {
    byte[] bytes = ("##" + line.replace("\n", "")).getBytes(UTF_8);
    return format.event(bytes, 2, bytes.length - 2);
  }

  @Test
  void aListOfMetadataIsAskedForAsAList() {
    assertEquals("application/json", format.listType());
    assertEquals(
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        new JsonFormat<>(new Zones(node -> {}), JsonFormat.Content.METADATA).listType());
  }

  @Test
  void anEventTellsAnObject() throws IOException {
    WatchEvent<String> event =
        read(
            "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Node\",\"metadata\":{\"name\":\"n\","
                + "\"resourceVersion\":\"17\",\"labels\":{\"topology.kubernetes.io/zone\":\"z\"}}}}");
    assertEquals(WatchEvent.Type.MODIFIED, event.type());
    assertEquals("17", event.resourceVersion());
    assertEquals(new Item<>("n", "17", "z"), event.item());
  }

  @Test
  void aBookmarkTellsTheVersionAndWhetherAllHasBeenTold() throws IOException {
    String bookmark =
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Node\",\"metadata\":{\"resourceVersion\":"
            + "\"99\",\"creationTimestamp\":null%s},\"spec\":{},\"status\":{}}}";
    assertEquals("99", read(bookmark.formatted("")).resourceVersion());
    assertFalse(read(bookmark.formatted("")).initialEnd());
    assertTrue(
        read(bookmark.formatted(",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}"))
            .initialEnd());
  }

  @Test
  void anErrorHasACode() throws IOException {
    WatchEvent<String> event =
        read(
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"metadata\":{},\"message\":\"too"
                + " old resource version: 1 (2)\",\"reason\":\"Expired\",\"code\":410}}");
    assertEquals(410, event.code());
    assertEquals("too old resource version: 1 (2)", event.message());
  }

  @Test
  void whatIsNoEventIsAnError() {
    assertThrows(IOException.class, () -> read("[]"));
    assertThrows(IOException.class, () -> read("{\"type\":\"NEWS\",\"object\":{}}"));
    assertThrows(IOException.class, () -> read("{\"type\":\"ADDED\"}"));
    assertThrows(IOException.class, () -> read("{\"type\":\"ADDED\",\"object\":{\"metadata\":{"));
  }

  @Test
  void aPageOfAListIsReadObjectByObject() throws IOException {
    String list =
        "{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"5\",\"continue\":\"tok\"},"
            + "\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{\"name\":\"b\"}}]}";
    List<String> names = new ArrayList<>();
    WireFormat.ListReader reader = format.list(item -> names.add(item.key()));
    reader.feed(ByteBuffer.wrap(list.getBytes(UTF_8), 0, 20));
    reader.feed(ByteBuffer.wrap(list.getBytes(UTF_8), 20, list.length() - 20));
    assertEquals(new WireFormat.ListEnd("5", "tok"), reader.end());
    assertEquals(List.of("a", "b"), names);
  }
}
