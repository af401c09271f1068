package io.netservice.faults.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.bench.cluster.Answer;
import io.netservice.bench.cluster.Api;
import io.netservice.bench.cluster.BenchException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an administrator does, directly at the API server and past all that stands between it and
 * the syncer. May be used from any thread.
 */
public final class Admin {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final byte[] NOTHING = {};
  private static final String JSON = "application/json";
  private static final String MERGE = "application/merge-patch+json";

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final Api api;

  Admin(Api api) {
    this.api = api;
  }

  /** Creates an object; false if there is one of its name. */
  public boolean create(String collection, String body) {
    return ask("POST", collection, JSON, bytes(body), CONFLICT).isPresent();
  }

  /** Applies a merge patch; false if there is no such object. */
  public boolean patch(String path, String body) {
    return ask("PATCH", path, MERGE, bytes(body), NOT_FOUND).isPresent();
  }

  /** Replaces an object; false if it is not as {@code body} says any more. */
  public boolean replace(String path, JsonNode body) {
    return ask("PUT", path, JSON, bytes(body.toString()), CONFLICT).isPresent();
  }

  /** Deletes an object in the way of its kind; false if there is none. */
  public boolean delete(String path) {
    return ask("DELETE", path, JSON, NOTHING, NOT_FOUND).isPresent();
  }

  /** Deletes a pod without a kubelet that would end it; false if there is none. */
  public boolean deleteNow(String path) {
    byte[] options =
        bytes("{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0}");
    return ask("DELETE", path, JSON, options, NOT_FOUND).isPresent();
  }

  /** An object or a list; empty if there is none. */
  public Optional<JsonNode> get(String path) {
    return ask("GET", path, JSON, NOTHING, NOT_FOUND)
        .map(
            answer -> {
              try {
                return MAPPER.readTree(answer.body());
              } catch (JsonProcessingException e) {
                throw new BenchException("GET " + path + ": " + e, e);
              }
            });
  }

  /** Does {@code work} again and again until the API server does not refuse it. */
  public static <T> T insist(Supplier<T> work) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        return work.get();
      } catch (BenchException e) {
        if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while the API server was asked", e);
    }
  }

  /** The answer, empty if it is {@code none}. */
  private Optional<Answer> ask(
      String method, String path, String contentType, byte[] body, int none) {
    Answer answer = api.ask(method, path, contentType, body);
    if (answer.status() == none) {
      return Optional.empty();
    }
    if (answer.status() >= 300) {
      throw new BenchException(
          "%s %s: %d %s".formatted(method, path, answer.status(), answer.body()));
    }
    return Optional.of(answer);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
