package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
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

  /** A string equal to {@code text}. */
  String of(String text) {
    int hash = text.hashCode();
    int slot = (hash ^ (hash >>> 12)) & (SIZE - 1);
    String there = known.getPlain(slot);
    if (text.equals(there)) {
      return there;
    }
    known.setRelease(slot, text);
    return text;
  }
}
