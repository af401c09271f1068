package io.netservice.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.classic.MinimalHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Requests to the API server with bodies that are ready to be sent, over connections that stay
 * open. A request is sent and its answer read by the thread that asks, on a connection that nobody
 * else uses meanwhile: nothing is handed from thread to thread. A request is made once; what to do
 * about a failure is for the caller to say.
 *
 * <p>A request takes a bounded time from its beginning to the end of its answer. A write, which is
 * a request with a body, asks a {@link WriteGate} right before its last byte goes out, and is
 * broken off when the gate wants it; the API server is told to give up by then, too.
 *
 * <p>May be used from any thread.
 */
public final class ApiClient implements AutoCloseable {

  public static final String JSON = "application/json";
  public static final String MERGE_PATCH = "application/merge-patch+json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A connection that was idle for longer is looked at before it is used: it may be closed. */
  private static final TimeValue FRESH = TimeValue.ofSeconds(2);

  /** No answer is longer: one object, of which the API server stores 3 MiB at most. */
  private static final int LONGEST_ANSWER = 8 << 20;

  /** A request that should be over is broken off at most so much later. */
  private static final Duration SWEEP = Duration.ofMillis(200);

  private final ApiServer server;
  private final WriteGate gate;
  private final long timeoutNanos;
  private final PoolingHttpClientConnectionManager pool;
  private final MinimalHttpClient http;
  private final ScheduledFuture<?> sweeping;

  /** What is under way, with when it has to be over, by {@link System#nanoTime}. */
  private final Map<HttpUriRequestBase, Long> underWay = new ConcurrentHashMap<>();

  /**
   * Connects when something is sent.
   *
   * @param connections how many there are at most: as many as threads that ask
   * @param timeout how long a request may take
   * @param gate asked before each write
   * @param timer breaks off what takes too long; owned by the caller
   */
  public ApiClient(
      ApiServer server,
      int connections,
      Duration timeout,
      WriteGate gate,
      ScheduledExecutorService timer) {
    this.server = server;
    this.gate = gate;
    this.timeoutNanos = timeout.toNanos();
    Timeout patience = Timeout.of(timeout);
    this.pool =
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
    this.sweeping =
        timer.scheduleWithFixedDelay(
            this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * What is at {@code path}, as {@code accept} asks for it.
   *
   * @throws KubernetesClientException as {@link #send(String, String, String, byte[], String)} does
   */
  public byte[] get(String path, String accept) {
    return send("GET", path, JSON, new byte[0], accept);
  }

  /** As below, with an answer in JSON. */
  public byte[] send(String method, String path, String contentType, byte[] body) {
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
   * @throws RuntimeException as the gate does
   */
  public byte[] send(String method, String path, String contentType, byte[] body, String accept) {
    Answer answer = sendOnce(method, path, contentType, body, accept);
    if (answer.code == HttpURLConnection.HTTP_UNAUTHORIZED) {
      server.unauthorized();
      answer = sendOnce(method, path, contentType, body, accept);
    }
    if (answer.code >= HttpURLConnection.HTTP_BAD_REQUEST) {
      throw new ApiException(
          method + " " + path + ": " + answer.code + " " + message(answer.body),
          answer.code,
          answer.retryAfter);
    }
    return answer.body;
  }

  private static final class Answer {
    final int code;
    final byte[] body;
    final String retryAfter;

    Answer(int code, byte[] body, String retryAfter) {
      this.code = code;
      this.body = body;
      this.retryAfter = retryAfter;
    }
  }

  private Answer sendOnce(
      String method, String path, String contentType, byte[] body, String accept) {
    boolean isWrite = body.length > 0;
    HttpUriRequestBase request =
        new HttpUriRequestBase(method, server.uri(isWrite ? path + limit() : path));
    request.setHeader("Accept", accept);
    server.headers().forEach(request::setHeader);
    if (isWrite) {
      request.setEntity(new GatedBody(body, ContentType.parse(contentType), gate));
    }
    underWay.put(request, System.nanoTime() + timeoutNanos);
    try {
      return http.execute(request, ApiClient::answer);
    } catch (IOException e) {
      throw new KubernetesClientException(method + " " + path + ": " + e, e);
    } finally {
      underWay.remove(request);
    }
  }

  private static Answer answer(ClassicHttpResponse response) throws IOException {
    byte[] body = {};
    if (response.getEntity() != null) {
      body = EntityUtils.toByteArray(response.getEntity(), LONGEST_ANSWER + 1);
      if (body.length > LONGEST_ANSWER) {
        throw new IOException("the answer has more than " + LONGEST_ANSWER + " bytes");
      }
    }
    Header retryAfter = response.getFirstHeader("Retry-After");
    return new Answer(response.getCode(), body, retryAfter == null ? null : retryAfter.getValue());
  }

  /** Until when the API server may carry a write out, counted from when it gets it. */
  private String limit() {
    gate.check();
    long nanos = Math.min(timeoutNanos, gate.nanosLeft());
    return "?timeout=" + Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)) + "ms";
  }

  private void sweep() {
    long now = System.nanoTime();
    boolean mayWrite = gate.nanosLeft() > SWEEP.toNanos();
    underWay.forEach(
        (request, end) -> {
          if (now - end >= 0 || (request.getEntity() != null && !mayWrite)) {
            request.cancel();
          }
        });
  }

  /**
   * Forgets all connections, as the other end has vanished, or may have: each request would find
   * that out by itself only when its time is over.
   *
   * @param grace how long what is under way may still take until it is broken off
   */
  public void connectAnew(Duration grace) {
    long end = System.nanoTime() + grace.toNanos();
    // In this order: what takes an old connection meanwhile is under way by then.
    pool.closeIdle(TimeValue.ZERO_MILLISECONDS);
    underWay.replaceAll((request, before) -> before - end < 0 ? before : end);
    sweep();
  }

  /** A body of which the last byte goes out only when the gate lets it. */
  private static final class GatedBody extends HttpEntityWrapper {
    private final byte[] body;
    private final WriteGate gate;

    GatedBody(byte[] body, ContentType type, WriteGate gate) {
      super(new ByteArrayEntity(body, type));
      this.body = body;
      this.gate = gate;
    }

    @Override
    public void writeTo(OutputStream to) throws IOException {
      // A connection may have taken its time to be made, and to take in what came before.
      to.write(body, 0, body.length - 1);
      gate.check();
      to.write(body, body.length - 1, 1);
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
    sweeping.cancel(false);
    http.close(CloseMode.IMMEDIATE);
  }
}
