package io.netservice.syncer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netservice.syncer.http.Answer;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what it is told of an answer. */
final class Told implements Answer {
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  @Override
  public void begin(int code, String retryAfter) {
    events.add("code " + code);
  }

  @Override
  public void bytes(ByteBuffer bytes) {
    byte[] some = new byte[bytes.remaining()];
    bytes.get(some);
    events.add(new String(some, UTF_8).trim());
  }

  @Override
  public void end() {
    events.add("end");
  }

  @Override
  public void broken(Exception why) {
    last = why;
    events.add("broken");
  }

  volatile Exception last;

  String next() throws InterruptedException {
    return events.poll(30, TimeUnit.SECONDS);
  }

  void awaitEnd() throws InterruptedException {
    for (String next = next(); !"end".equals(next); next = next()) {
      if (next == null) {
        throw new AssertionError("the answer does not end");
      }
    }
  }
}
