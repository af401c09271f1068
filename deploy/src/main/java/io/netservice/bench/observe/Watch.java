package io.netservice.bench.observe;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * One watch of the API server as raw lines, each with the moment at which its last bytes arrived.
 */
final class Watch implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

  /** Takes a line in the thread that read it: must hand it on and return. */
  interface Lines {
    void accept(byte[] line, long nanos);
  }

  private final String name;
  private final LineSplitter splitter;
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile Flow.Subscription subscription;
  private long arrived;

  private Watch(String name, Lines lines) {
    this.name = name;
    this.splitter = new LineSplitter(line -> lines.accept(line, arrived));
  }

  /** Opens the watch; events come at once, those of objects that exist first. */
  static Watch open(HttpClient client, HttpRequest request, Lines lines) {
    Watch watch = new Watch(request.uri().getPath(), lines);
    var unused =
        client
            .sendAsync(
                request,
                info -> {
                  if (info.statusCode() != 200) {
                    watch.end("answered " + info.statusCode());
                  }
                  return BodyHandlers.fromSubscriber(watch).apply(info);
                })
            .whenComplete(
                (response, failure) -> watch.end(failure == null ? "ended" : failure.toString()));
    return watch;
  }

  /** Done, with a message, once the stream has ended: nothing that comes after is seen. */
  CompletableFuture<String> ended() {
    return ended;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived = System.nanoTime();
    buffers.forEach(splitter::accept);
  }

  @Override
  public void onError(Throwable failure) {
    end(failure.toString());
  }

  @Override
  public void onComplete() {
    end("ended");
  }

  @Override
  public void close() {
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
  }

  private void end(String why) {
    ended.complete("the watch of " + name + ": " + why);
  }
}
