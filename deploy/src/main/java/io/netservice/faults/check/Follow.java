package io.netservice.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.bench.cluster.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows one collection with a connection of its own: lists, watches, and when the watch ends
 * lists again. One thread, which calls the sink.
 */
final class Follow implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Takes what the collection holds. */
  interface Sink {
    /** Nothing but these is there. */
    void replace(List<JsonNode> items);

    void put(JsonNode item);

    void remove(JsonNode item);
  }

  private final HttpClient http;
  private final Api api;
  private final String path;
  private final Sink sink;
  private final Thread thread;
  private volatile boolean closed;

  Follow(HttpClient http, Api api, String path, Sink sink) {
    this.http = http;
    this.api = api;
    this.path = path;
    this.sink = sink;
    this.thread = new Thread(this::run, "follow" + path.replace('/', '-'));
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        watch(list());
      } catch (IOException e) {
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private String list() throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = http.send(api.request(path), BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException("answered " + answer.statusCode());
      }
      JsonNode list = MAPPER.readTree(in);
      List<JsonNode> items = new ArrayList<>();
      list.path("items").forEach(items::add);
      sink.replace(items);
      return list.at("/metadata/resourceVersion").asText();
    }
  }

  private void watch(String version) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(
            api.request(path + "?watch=1&resourceVersion=" + version),
            BodyHandlers.ofInputStream());
    try (InputStream in = answer.body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      if (answer.statusCode() != 200) {
        throw new IOException("answered " + answer.statusCode());
      }
      for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
        JsonNode event = MAPPER.readTree(line);
        switch (event.path("type").asText()) {
          case "ADDED", "MODIFIED" -> sink.put(event.path("object"));
          case "DELETED" -> sink.remove(event.path("object"));
          default -> throw new IOException("the watch tells " + line);
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
