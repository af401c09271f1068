package io.netservice.syncer.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests to the API server over the client's connection, with bodies that are ready to be sent. A
 * request is made once; what to do about a failure is for the caller to say.
 *
 * <p>May be used from any thread.
 */
public final class ApiClient {

  static final String JSON = "application/json";
  static final String METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  static final String MERGE_PATCH = "application/merge-patch+json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http;
  private final String master;
  private final Duration timeout;

  /**
   * Sends with {@code client}, which is owned by the caller.
   *
   * @param timeout how long an answer may take
   */
  public ApiClient(KubernetesClient client, Duration timeout) {
    this.http = client.getHttpClient();
    String url = client.getConfiguration().getMasterUrl();
    this.master = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.timeout = timeout;
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @param path begins with a slash
   * @param contentType of {@code body}
   * @param body empty for none
   * @return the body of the answer
   * @throws KubernetesClientException if the answer is an error, with its code and text, or if
   *     there is none, with code 0
   */
  byte[] send(String method, String path, String contentType, byte[] body) {
    return send(method, path, contentType, body, JSON);
  }

  /**
   * The same.
   *
   * @param accept the media type of the answer
   */
  byte[] send(String method, String path, String contentType, byte[] body, String accept) {
    HttpRequest.Builder request = http.newHttpRequestBuilder();
    if (body.length > 0) {
      request.post(contentType, body);
    }
    request
        .method(method, contentType, (String) null)
        .uri(URI.create(master + path))
        .header("Accept", accept)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    HttpResponse<byte[]> answer =
        await(method + " " + path, http.sendAsync(request.build(), byte[].class));
    if (answer.code() >= 400) {
      throw new KubernetesClientException(
          method + " " + path + ": " + answer.code() + " " + message(answer.body()),
          answer.code(),
          null);
    }
    return answer.body();
  }

  private HttpResponse<byte[]> await(String what, CompletableFuture<HttpResponse<byte[]>> answer) {
    try {
      // A little more than the client's own: that one tells better what went wrong.
      return answer.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException(what + ": interrupted", e);
    } catch (ExecutionException e) {
      throw new KubernetesClientException(what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new KubernetesClientException(what + ": no answer in " + timeout, e);
    }
  }

  private static String message(byte[] status) {
    try {
      JsonNode message = MAPPER.readTree(status).get("message");
      return message == null ? "" : message.asText();
    } catch (JsonProcessingException e) {
      return new String(status, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
