package io.netservice.webhook;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import io.netservice.runtime.ListenAddress;
import io.netservice.webhook.admission.AdmissionHandler;
import io.netservice.webhook.admission.BadReviewException;
import io.netservice.webhook.tls.ServingCertificate;
import io.prometheus.client.Histogram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /mutate} and {@code /validate} over HTTPS. Without a certificate it listens, and
 * every handshake fails.
 */
final class WebhookServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebhookServer.class);

  private static final String MUTATE = "mutate";
  private static final String VALIDATE = "validate";

  /** An API server takes objects of up to 3 MiB; a review may hold the old one and the new one. */
  private static final int BODY_MAX = 7 << 20;

  /** How many connections may wait to be accepted. */
  private static final int BACKLOG = 1024;

  /** API servers keep a few connections each. */
  private static final int CONNECTIONS = 256;

  /** Names the request and its token of a kilobyte or two; longer ones get 431. */
  private static final int HEADERS_MAX = 8 << 10;

  /** Up to here a body is waited for without a thread; reviews of NetServices have a few KiB. */
  private static final int BODY_WITHOUT_THREAD = 64 << 10;

  /** How many bodies beyond that may be in memory at once; others get 503. */
  private static final int LARGE_BODIES = 2;

  /** Bytes a second. An API server sends a body at once. */
  private static final long SLOWEST = 16 << 10;

  /** An answer has a few hundred bytes; the buffer that it goes through is made for each. */
  private static final int ANSWER_BUFFER = 4 << 10;

  /** How many requests are answered at once. */
  static final int THREADS = 32;

  private static final int THREADS_KEPT = 4;

  /**
   * Longer than the 90 s after which Go's HTTP client lets go of an idle connection: the client
   * shall be the one who closes, or it may send a request into a connection that is going away.
   */
  private static final Duration IDLE = Duration.ofMinutes(2);

  /** How long may come nothing of a request that has begun: API servers give up on it then. */
  private static final Duration IDLE_IN_A_REQUEST = Duration.ofSeconds(5);

  /** How long a connection without a request may stay once the server stops. */
  private static final Duration IDLE_AT_END = Duration.ofMillis(250);

  /** The API server gives up on a request after 5 s. */
  private static final Duration DRAIN = Duration.ofSeconds(6);

  private final SslContextFactory.Server tls = new SslContextFactory.Server();
  private final Semaphore largeBodies = new Semaphore(LARGE_BODIES);
  private final Javalin javalin;
  private final ServerSocketChannel listening;
  private volatile boolean draining;

  private WebhookServer(
      ServerSocketChannel listening, AdmissionHandler mutating, AdmissionHandler validating) {
    this.listening = listening;
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setRenegotiationAllowed(false);
    tls.setKeyStore(ServingCertificate.emptyKeyStore());
    tls.setKeyStorePassword(ServingCertificate.PASSWORD);
    javalin =
        Javalin.create(
            config -> {
              lean(config);
              jetty(config);
              routes(config, mutating, validating);
              config.routes.before(
                  context -> {
                    if (draining) {
                      context.header("Connection", "close");
                    }
                  });
            });
  }

  /**
   * Serves on {@code address}, the value of {@code --bind-address}.
   *
   * @param port the value of {@code --port}, 0 for one that the kernel picks
   * @throws IllegalArgumentException if the address is no IP address or the port is no port
   * @throws IOException if the port can't be had
   */
  static WebhookServer start(
      String address, int port, AdmissionHandler mutating, AdmissionHandler validating)
      throws IOException {
    ServerSocketChannel listening = listen(new ListenAddress(address, "--port", port));
    WebhookServer server = new WebhookServer(listening, mutating, validating);
    server.javalin.start();
    log.info("serving https on {}:{}", address, server.port());
    return server;
  }

  /** The port that is served. */
  int port() {
    return listening.socket().getLocalPort();
  }

  /** Before Jetty and Javalin do: they log a failure at length and tell no option. */
  private static ServerSocketChannel listen(ListenAddress where) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      return channel
          .setOption(StandardSocketOptions.SO_REUSEADDR, true)
          .bind(where.socket(), BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw where.refused(e);
    }
  }

  /** Serves new connections with {@code certificate}; those that are open stay. */
  void use(ServingCertificate certificate) {
    try {
      tls.reload(factory -> factory.setKeyStore(certificate.keyStore()));
    } catch (Exception e) {
      throw new IllegalStateException("the certificate can't be served with", e);
    }
  }

  /** Goes on serving, and asks each client to use another connection for what comes next. */
  void drain() {
    draining = true;
  }

  /**
   * Takes no more connections, finishes the requests under way, stops. Who takes longer to send a
   * request than an API server waits is cut off.
   */
  @Override
  public void close() {
    try {
      javalin.stop();
    } catch (JavalinException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      log.warn("requests that did not end within {} s were cut off", DRAIN.toSeconds());
    }
  }

  private static void lean(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.responseBufferSize = ANSWER_BUFFER;
  }

  private void jetty(JavalinConfig config) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS_KEPT);
    threads.setName("https");
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(DRAIN.toMillis());
          server.setHandler(
              new GracefulHandler(
                  new MinimumDataRateHandler(
                      new EagerContentHandler(
                          new RetainedContentLoaderFactory(BODY_WITHOUT_THREAD, 0, false)),
                      SLOWEST,
                      0)));
          // What never gets as far as a route, such as a request that is no HTTP.
          server.setErrorHandler(
              (request, response, callback) -> {
                String reason = HttpStatus.getMessage(response.getStatus());
                Content.Sink.write(
                    response, true, reason.toLowerCase(Locale.ROOT) + "\n", callback);
                return true;
              });
        });
    config.jetty.addConnector((server, http) -> connector(server, http));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    // The client has the certificate checked; what it wrote into Host adds nothing to that, and
    // is an IP address where the configuration of the webhook has one.
    http.addCustomizer(new SecureRequestCustomizer(false));
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADERS_MAX);
    http.setIdleTimeout(IDLE_IN_A_REQUEST.toMillis());
    ServerConnector connector =
        new StoppingConnector(
            server,
            IDLE_AT_END,
            new SslConnectionFactory(tls, "http/1.1"),
            new HttpConnectionFactory(http));
    try {
      connector.open(listening);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connector.setIdleTimeout(IDLE.toMillis());
    connector.addBean(new ConnectionLimit(CONNECTIONS));
    return connector;
  }

  private void routes(
      JavalinConfig config, AdmissionHandler mutating, AdmissionHandler validating) {
    config.routes.post("/mutate", context -> answer(context, MUTATE, mutating));
    config.routes.post("/validate", context -> answer(context, VALIDATE, validating));
    config.routes.exception(
        HttpResponseException.class,
        (e, context) ->
            plain(
                context,
                e.getStatus(),
                e.getStatus() == HttpStatus.NOT_FOUND_404
                    ? "not found: /mutate and /validate are served here"
                    : HttpStatus.getMessage(e.getStatus()).toLowerCase(Locale.ROOT)));
    config.routes.exception(Exception.class, WebhookServer::failed);
    config.router.javaLangErrorHandler(
        (response, e) -> {
          log.error("a request failed", e);
          response.setStatus(HttpStatus.INTERNAL_SERVER_ERROR_500);
        });
  }

  /**
   * Small bodies are there already. Of the others only few are read at once, each by a thread that
   * its client can keep waiting: no crowd of them takes all threads or all memory.
   */
  private void answer(Context context, String webhook, AdmissionHandler handler)
      throws IOException {
    long length = context.req().getContentLengthLong();
    if (length >= 0 && length <= BODY_WITHOUT_THREAD) {
      read(context, webhook, handler);
    } else if (largeBodies.tryAcquire()) {
      try {
        read(context, webhook, handler);
      } finally {
        largeBodies.release();
      }
    } else {
      context.header("Connection", "close");
      refuse(
          context,
          webhook,
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "too many large bodies at once: try again");
    }
  }

  private static void read(Context context, String webhook, AdmissionHandler handler)
      throws IOException {
    if (!isJson(context.contentType())) {
      refuse(
          context,
          webhook,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "Content-Type must be application/json");
      drop(context);
      return;
    }
    Histogram.Timer timer = Requests.time(webhook);
    try {
      Optional<byte[]> body = body(context);
      if (body.isEmpty()) {
        refuse(
            context,
            webhook,
            HttpStatus.PAYLOAD_TOO_LARGE_413,
            "the body must have at most " + BODY_MAX + " bytes");
        drop(context);
        return;
      }
      AdmissionHandler.Answer answer = handler.handle(body.get());
      Requests.count(webhook, answer.operation(), answer.result());
      context.contentType("application/json").result(answer.review());
    } catch (BadReviewException e) {
      refuse(context, webhook, HttpStatus.BAD_REQUEST_400, e.getMessage());
    } finally {
      timer.observeDuration();
    }
  }

  private static boolean isJson(String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  /** The body, empty if it is too long. Its length need not be declared, so it is counted. */
  private static Optional<byte[]> body(Context context) throws IOException {
    if (context.req().getContentLengthLong() > BODY_MAX) {
      return Optional.empty();
    }
    byte[] body = context.req().getInputStream().readNBytes(BODY_MAX + 1);
    return body.length > BODY_MAX ? Optional.empty() : Optional.of(body);
  }

  /**
   * Reads on for a while without keeping anything: a client that is still writing when the
   * connection is closed sees a broken connection and not the answer.
   */
  private static void drop(Context context) throws IOException {
    InputStream body = context.req().getInputStream();
    byte[] dropped = new byte[8192];
    int more = BODY_MAX;
    for (int read = 0; read >= 0 && more > 0; more -= read) {
      read = body.read(dropped);
    }
  }

  private static void refuse(Context context, String webhook, int status, String why) {
    Requests.count(webhook, "unknown", "bad");
    log.debug("{}: {}: {}", webhook, status, why);
    plain(context, status, why);
  }

  private static void failed(Exception e, Context context) {
    log.error("{} failed", context.path(), e);
    // The path may have more slashes than the route, and is no label as it is.
    Requests.count(context.path().contains(MUTATE) ? MUTATE : VALIDATE, "unknown", "error");
    plain(context, HttpStatus.INTERNAL_SERVER_ERROR_500, "internal error");
  }

  private static void plain(Context context, int status, String line) {
    context.status(status).contentType("text/plain; charset=utf-8").result(line + "\n");
  }
}
