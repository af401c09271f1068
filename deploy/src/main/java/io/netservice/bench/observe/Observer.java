package io.netservice.bench.observe;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Cluster;
import io.netservice.bench.cluster.Https;
import io.netservice.bench.cluster.Population;
import io.netservice.bench.cluster.Publication;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Watches slices and Endpoints and keeps a {@link Board} of each. The threads that read only note
 * the time and hand on; one other thread parses.
 */
public final class Observer implements AutoCloseable {

  private final Board slices;
  private final Board endpoints;
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final EventParser parser;
  private final List<Watch> watches;
  private final Thread thread = new Thread(this::read, "observer");

  private Observer(Cluster cluster, Population population, Publication publication)
      throws IOException, GeneralSecurityException {
    slices = new Board(population);
    endpoints = new Board(population);
    parser = new EventParser(publication);
    thread.setDaemon(true);
    thread.start();
    HttpClient client = Https.client(cluster.authority());
    watches =
        List.of(
            watch(client, cluster, "/apis/discovery.k8s.io/v1/endpointslices?watch=1", slices),
            watch(client, cluster, "/api/v1/endpoints?watch=1", endpoints));
  }

  /** Starts to watch what is published by way of {@code publication}. */
  public static Observer open(Cluster cluster, Population population, Publication publication) {
    try {
      return new Observer(cluster, population, publication);
    } catch (IOException | GeneralSecurityException e) {
      throw new BenchException("what is published can't be watched: " + e, e);
    }
  }

  /** What EndpointSlices show. */
  public Board slices() {
    return slices;
  }

  /** What Endpoints show. */
  public Board endpoints() {
    return endpoints;
  }

  /** Has all who wait told that the turn can't go on. */
  public void fail(String why) {
    slices.fail(why);
    endpoints.fail(why);
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    thread.interrupt();
  }

  private Watch watch(HttpClient client, Cluster cluster, String path, Board board) {
    Watch watch =
        Watch.open(
            client,
            cluster.api().request(path),
            (line, nanos) -> events.add(() -> show(board, line, nanos)));
    var unused = watch.ended().thenAccept(this::fail);
    return watch;
  }

  private void show(Board board, byte[] line, long nanos) {
    parser.parse(line).ifPresent(shown -> board.show(shown, nanos));
  }

  private void read() {
    try {
      while (true) {
        events.take().run();
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      fail(e.toString());
    }
  }
}
