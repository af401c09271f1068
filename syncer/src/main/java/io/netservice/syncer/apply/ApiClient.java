package io.netservice.syncer.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.syncer.http.ApiServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.classic.MinimalHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Requests to the API server with bodies that are ready to be sent, over connections that stay
 * open. A request is sent and its answer read by the thread that asks, on a connection that nobody
 * else uses meanwhile: nothing is handed from thread to thread. A request is made once; what to do
 * about a failure is for the caller to say.
 *
 * <p>May be used from any thread.
 */
public final class ApiClient implements AutoCloseable {

  static final String JSON = "application/json";
  static final String MERGE_PATCH = "application/merge-patch+json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A connection that was idle for longer is looked at before it is used: it may be closed. */
  private static final TimeValue FRESH = TimeValue.ofSeconds(2);

  private final ApiServer server;
  private final MinimalHttpClient http;

  /**
   * Connects when something is sent.
   *
   * @param connections how many there are at most: as many as threads that ask
   * @param timeout how long a connection may take, and how long the server may be silent
   */
  public ApiClient(ApiServer server, int connections, Duration timeout) {
    this.server = server;
    Timeout patience = Timeout.of(timeout);
    PoolingHttpClientConnectionManager pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setTlsSocketStrategy(server.tls())
            .setMaxConnPerRoute(connections)
            .setMaxConnTotal(connections)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(patience)
                    .setSocketTimeout(patience)
                    .setValidateAfterInactivity(FRESH)
                    .build())
            .build();
    this.http = HttpClients.createMinimal(pool);
  }

  /** As below, with an answer in JSON. */
  byte[] send(String method, String path, String contentType, byte[] body) {
    return send(method, path, contentType, body, JSON);
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @param path begins with a slash
   * @param contentType of {@code body}
   * @param body empty for none
   * @param accept the media type of the answer
   * @return the body of the answer
   * @throws KubernetesClientException if the answer is an error, with its code and text, or if
   *     there is none, with code 0
   */
  byte[] send(String method, String path, String contentType, byte[] body, String accept) {
    Answer answer = sendOnce(method, path, contentType, body, accept);
    if (answer.code == HttpURLConnection.HTTP_UNAUTHORIZED) {
      server.unauthorized();
      answer = sendOnce(method, path, contentType, body, accept);
    }
    if (answer.code >= HttpURLConnection.HTTP_BAD_REQUEST) {
      throw new KubernetesClientException(
          method + " " + path + ": " + answer.code + " " + message(answer.body), answer.code, null);
    }
    return answer.body;
  }

  private static final class Answer {
    final int code;
    final byte[] body;

    Answer(int code, byte[] body) {
      this.code = code;
      this.body = body;
    }
  }

  private Answer sendOnce(
      String method, String path, String contentType, byte[] body, String accept) {
    HttpUriRequestBase request = new HttpUriRequestBase(method, server.uri(path));
    request.setHeader("Accept", accept);
    server.headers().forEach(request::setHeader);
    if (body.length > 0) {
      request.setEntity(new ByteArrayEntity(body, ContentType.parse(contentType)));
    }
    try {
      return http.execute(
          request,
          response ->
              new Answer(
                  response.getCode(),
                  response.getEntity() == null
                      ? new byte[0]
                      : EntityUtils.toByteArray(response.getEntity())));
    } catch (IOException e) {
      throw new KubernetesClientException(method + " " + path + ": " + e, e);
    }
  }

  private static String message(byte[] status) {
    try {
      JsonNode message = MAPPER.readTree(status).get("message");
      return message == null ? "" : message.asText();
    } catch (IOException notJson) {
      return new String(status, StandardCharsets.UTF_8);
    }
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
