package io.netservice.syncer.watch;

import io.netservice.syncer.protobuf.Envelope;
import io.netservice.syncer.protobuf.ProtobufReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Objects as protocol buffers, which the API server offers for Kubernetes' own kinds. An object
 * stands in an envelope of its own (runtime.Unknown of apimachinery), an event of a watch in none.
 */
record ProtobufFormat<T>(Decoder<T> decoder) implements WireFormat<T> {

  // Numbers of fields, from generated.proto of apimachinery: meta/v1 and runtime.
  private static final int EVENT_TYPE = 1;
  private static final int EVENT_OBJECT = 2;
  private static final int EXTENSION_RAW = 1;
  private static final int OBJECT_METADATA = 1;
  private static final int RESOURCE_VERSION = 6;
  private static final int ANNOTATIONS = 12;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int STATUS_MESSAGE = 3;
  private static final int STATUS_CODE = 6;
  private static final int LIST_METADATA = 1;
  private static final int LIST_ITEMS = 2;
  private static final int LIST_RESOURCE_VERSION = 2;
  private static final int LIST_CONTINUE = 3;

  /** Reads an object, up to the end of its message. */
  @FunctionalInterface
  interface Decoder<T> {
    Item<T> read(ProtobufReader object) throws IOException;
  }

  @Override
  public String listType() {
    return Envelope.MEDIA_TYPE;
  }

  @Override
  public String watchType(boolean atFirst) {
    return Envelope.MEDIA_TYPE + ";stream=watch";
  }

  @Override
  public boolean listsFirst() {
    return true;
  }

  @Override
  public int page() {
    return 0; // Each object is handed on as it comes.
  }

  @Override
  public Splitter splitter() {
    return new Frames();
  }

  @Override
  public WatchEvent<T> event(byte[] buffer, int offset, int length) throws IOException {
    ProtobufReader event = new ProtobufReader(buffer, offset, length);
    WatchEvent.Type type = null;
    for (int field = event.next(); field != 0; field = event.next()) {
      if (field == EVENT_TYPE) {
        type = WatchEvent.type(event.text());
      } else if (field == EVENT_OBJECT && type != null) {
        event.enter();
        for (int part = event.next(); part != 0; part = event.next()) {
          if (part == EXTENSION_RAW) {
            return object(type, opened(buffer, event.offset(), event.length()));
          }
        }
      }
    }
    throw new IOException("an event of a watch has no object behind its type");
  }

  /** What is in an envelope. */
  private static ProtobufReader opened(byte[] buffer, int offset, int length) throws IOException {
    Envelope.check(buffer, offset, length);
    ProtobufReader envelope =
        new ProtobufReader(buffer, offset + Envelope.MAGIC_LENGTH, length - Envelope.MAGIC_LENGTH);
    for (int field = envelope.next(); field != 0; field = envelope.next()) {
      if (field == Envelope.RAW) {
        envelope.enter();
        return envelope;
      }
    }
    throw new IOException("an envelope holds no object");
  }

  private WatchEvent<T> object(WatchEvent.Type type, ProtobufReader object) throws IOException {
    return switch (type) {
      case BOOKMARK -> bookmark(object);
      case ERROR -> error(object);
      default -> WatchEvent.of(type, decoder.read(object));
    };
  }

  private static <T> WatchEvent<T> bookmark(ProtobufReader object) throws IOException {
    String version = "";
    boolean end = false;
    for (int field = object.next(); field != 0; field = object.next()) {
      if (field == OBJECT_METADATA) {
        int outer = object.enter();
        for (int part = object.next(); part != 0; part = object.next()) {
          if (part == RESOURCE_VERSION) {
            version = object.text();
          } else if (part == ANNOTATIONS) {
            end |= isInitialEnd(object);
          }
        }
        object.leave(outer);
      }
    }
    return WatchEvent.bookmark(version, end);
  }

  private static boolean isInitialEnd(ProtobufReader object) throws IOException {
    boolean named = false;
    boolean isTrue = false;
    int outer = object.enter();
    for (int part = object.next(); part != 0; part = object.next()) {
      named |= part == ENTRY_KEY && object.is(WatchEvent.INITIAL_EVENTS_END);
      isTrue |= part == ENTRY_VALUE && object.is("true");
    }
    object.leave(outer);
    return named && isTrue;
  }

  private static <T> WatchEvent<T> error(ProtobufReader object) throws IOException {
    int code = 0;
    String message = "";
    for (int field = object.next(); field != 0; field = object.next()) {
      if (field == STATUS_MESSAGE) {
        message = object.text();
      } else if (field == STATUS_CODE) {
        code = (int) object.number();
      }
    }
    return WatchEvent.error(code, message);
  }

  @Override
  public ListReader list(Consumer<Item<T>> objects) {
    return new Stream(objects);
  }

  /**
   * A list as it comes: no more of it is held than one object. The API server writes the envelope's
   * fields around it, and so its length, before it has made all of it.
   */
  private final class Stream implements ListReader {
    private final Consumer<Item<T>> objects;
    private final Pending pending = new Pending();

    /** How many bytes of the list are still to come; negative outside of it. */
    private long left = -1;

    private boolean begun;
    private boolean done;
    private String version = "";
    private String next = "";

    Stream(Consumer<Item<T>> objects) {
      this.objects = objects;
    }

    @Override
    public void feed(ByteBuffer bytes) throws IOException {
      pending.append(bytes, bytes.remaining());
      int used = 0;
      for (int step = step(used); step > 0; step = step(used)) {
        used += step;
      }
      pending.drop(used);
    }

    /** Takes the next part if it is complete, and gives its length; else 0. */
    private int step(int from) throws IOException {
      int available = pending.length() - from;
      if (!begun) {
        if (available < Envelope.MAGIC_LENGTH) {
          return 0;
        }
        Envelope.check(pending.bytes(), from, available);
        begun = true;
        return Envelope.MAGIC_LENGTH;
      }
      if (left == 0) {
        left = -1;
        done = true;
      }
      Head head = Head.of(pending.bytes(), from, available);
      if (head == null) {
        return 0;
      }
      if (left < 0 && !done && head.field() == Envelope.RAW) {
        left = head.value();
        return head.size();
      }
      if (head.value() > available - head.size()) {
        return 0;
      }
      int length = (int) (head.size() + head.value());
      if (left > 0) {
        left -= length;
        if (left < 0) {
          throw new IOException("an object is longer than the list that it is in");
        }
        part(head.field(), from + head.size(), (int) head.value());
      }
      return length;
    }

    private void part(int field, int offset, int length) throws IOException {
      ProtobufReader part = new ProtobufReader(pending.bytes(), offset, length);
      if (field == LIST_ITEMS) {
        objects.accept(decoder.read(part));
      } else if (field == LIST_METADATA) {
        for (int each = part.next(); each != 0; each = part.next()) {
          if (each == LIST_RESOURCE_VERSION) {
            version = part.text();
          } else if (each == LIST_CONTINUE) {
            next = part.text();
          }
        }
      }
    }

    @Override
    public ListEnd end() throws IOException {
      if (!done && left != 0) {
        throw new IOException("a list ends before its end");
      }
      return new ListEnd(version, next);
    }
  }

  /**
   * The beginning of a field that has a length; lists and envelopes have no others.
   *
   * @param value the length of what follows
   * @param size how many bytes this takes itself
   */
  private record Head(int field, long value, int size) {

    /** Null if not all of it has come. */
    static Head of(byte[] bytes, int offset, int available) throws IOException {
      long tag = 0;
      long value = 0;
      boolean haveTag = false;
      int shift = 0;
      for (int i = 0; i < available; i++) {
        byte each = bytes[offset + i];
        if (shift > Long.SIZE - 8) {
          throw new IOException("a number has more than 64 bits");
        }
        value |= (long) (each & 0x7f) << shift;
        shift += 7;
        if (each >= 0) {
          if (haveTag) {
            return new Head((int) (tag >>> 3), value, i + 1);
          }
          if ((value & 7) != 2) {
            throw new IOException("a part of a list has wire type " + (value & 7));
          }
          tag = value;
          value = 0;
          shift = 0;
          haveTag = true;
        }
      }
      return null;
    }
  }
}
