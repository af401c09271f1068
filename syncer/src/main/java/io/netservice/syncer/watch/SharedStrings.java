package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Gives equal strings as one object, so that 10,000 pods on 100 nodes hold 100 names of nodes. Of
 * fixed size: a string that another displaced is merely no longer shared. May be used from any
 * thread.
 */
final class SharedStrings {

  private static final int SIZE = 4096;

  private final AtomicReferenceArray<String> known = new AtomicReferenceArray<>(SIZE);

  /** The text at which {@code json} stands. */
  String of(JsonParser json) throws IOException {
    return of(json.getText());
  }

  /** The text that is UTF-8 in {@code length} bytes; a known one costs no new object. */
  String of(byte[] buffer, int offset, int length) {
    int hash = 0; // That of the string, as long as it is ASCII.
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + buffer[i];
    }
    String there = known.getPlain(slot(hash));
    return there != null && equal(there, buffer, offset, length)
        ? there
        : of(new String(buffer, offset, length, StandardCharsets.UTF_8));
  }

  private static boolean equal(String text, byte[] buffer, int offset, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != buffer[offset + i]) {
        return false;
      }
    }
    return true;
  }

  private static int slot(int hash) {
    return (hash ^ (hash >>> 12)) & (SIZE - 1);
  }

  /** A string equal to {@code text}. */
  String of(String text) {
    int slot = slot(text.hashCode());
    String there = known.getPlain(slot);
    if (text.equals(there)) {
      return there;
    }
    known.setRelease(slot, text);
    return text;
  }
}
