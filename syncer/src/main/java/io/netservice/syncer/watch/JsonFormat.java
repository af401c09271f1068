package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netservice.http.ApiServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Objects in JSON, each event a line.
 *
 * @param content what is asked for of each object
 * @param othersWrite whether the changes are not our own: then all of each is asked for
 */
record JsonFormat<T>(Item.Decoder<T> decoder, Content content, BooleanSupplier othersWrite)
    implements WireFormat<T> {

  private static final int PAGE = 100;

  /** Slices have a few hundred bytes for each of up to 1,000 endpoints. */
  private static final int MAX_PAGE_LENGTH = 64 * 1024 * 1024;

  private static final Set<String> PARTS = Set.of("metadata", "items");
  private static final Set<String> METADATA = Set.of("resourceVersion", "continue");

  /** How much of an object a watch tells. */
  enum Content {
    ALL,
    METADATA,
    /** All of what there is at first, then of what changes metadata alone. */
    METADATA_OF_CHANGES
  }

  JsonFormat(Item.Decoder<T> decoder, Content content) {
    this(decoder, content, () -> false);
  }

  @Override
  public String listType() {
    return content == Content.METADATA ? ApiServer.METADATA_LIST : watchType(true);
  }

  @Override
  public String watchType(boolean atFirst) {
    return content == Content.METADATA
            || (content == Content.METADATA_OF_CHANGES && !atFirst && !othersWrite.getAsBoolean())
        ? ApiServer.METADATA
        : "application/json";
  }

  @Override
  public boolean listsFirst() {
    return false;
  }

  @Override
  public int page() {
    return PAGE;
  }

  @Override
  public Splitter splitter() {
    return new Lines();
  }

  @Override
  public WatchEvent<T> event(byte[] buffer, int offset, int length) throws IOException {
    return JsonEvents.read(buffer, offset, length, decoder);
  }

  @Override
  public ListReader list(Consumer<Item<T>> objects) {
    return new Page(objects);
  }

  /** Read when all of it has come. */
  private final class Page implements ListReader {
    private final Consumer<Item<T>> objects;
    private final Pending text = new Pending(MAX_PAGE_LENGTH);

    Page(Consumer<Item<T>> objects) {
      this.objects = objects;
    }

    @Override
    public void feed(ByteBuffer bytes) throws IOException {
      text.append(bytes, bytes.remaining());
    }

    @Override
    public ListEnd end() throws IOException {
      String version = "";
      String next = "";
      try (JsonParser json = JsonEvents.JSON.createParser(text.bytes(), 0, text.length())) {
        Json.open(json);
        while (Json.nextField(json, PARTS)) {
          if (json.currentName().equals("items")) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
              objects.accept(decoder.read(json));
            }
          } else {
            while (Json.nextField(json, METADATA)) {
              if (json.currentName().equals("continue")) {
                next = json.getText();
              } else {
                version = json.getText();
              }
            }
          }
        }
      }
      return new ListEnd(version, next);
    }
  }
}
