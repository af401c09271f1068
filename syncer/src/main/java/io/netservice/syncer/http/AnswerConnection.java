package io.netservice.syncer.http;

import io.netservice.http.ApiServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.bootstrap.AsyncRequester;
import org.apache.hc.core5.http.impl.bootstrap.AsyncRequesterBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncRequester;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientEndpoint;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.impl.nio.H2StreamListener;
import org.apache.hc.core5.http2.impl.nio.ProtocolNegotiationException;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2MultiplexingRequester;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2MultiplexingRequesterBootstrap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * One connection to the API server over which many answers come side by side, read by one thread of
 * its own; opened when the first request is made, and again after it broke. A server that speaks
 * HTTP/1.1 alone gets a connection for each answer instead.
 *
 * <p>May be used from any thread. Answers are taken by the connection's thread and must not make it
 * wait; that a request can't be made may be told by the thread that makes it.
 */
public final class AnswerConnection implements AutoCloseable {

  /** How many answers there are at most over HTTP/1.1. */
  private static final int MAX_UNSHARED = 10_000;

  /**
   * With so few bytes an answer's flow control begins. When they have come all is asked for, over
   * the channel by which an answer can be ended at once; without it the library ends one only when
   * the next bytes come, up to a minute later.
   */
  private static final int FIRST_BYTES = 64;

  /** Without this the server would choose HTTP/2 where it can. */
  private static final TlsConfig HTTP_1_1 =
      TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build();

  /** How the library begins what it says of a server that has chosen another protocol, or none. */
  private static final String ALPN = "ALPN: ";

  /** Something was asked for. */
  @FunctionalInterface
  public interface Asked {
    /** No more of the answer is wanted, and nothing more of it is told. */
    void cancel();
  }

  private interface Exchanges {
    void execute(Exchange exchange);
  }

  private final ApiServer server;
  private final boolean shared;
  private final AsyncRequester requester;
  private final Exchanges exchanges;
  private final AtomicInteger open = new AtomicInteger();

  private AnswerConnection(
      ApiServer server, boolean shared, AsyncRequester requester, Exchanges exchanges) {
    this.server = server;
    this.shared = shared;
    this.requester = requester;
    this.exchanges = exchanges;
    requester.start();
  }

  /**
   * A connection that answers share, by HTTP/2.
   *
   * @param patience how long it may take to connect, and be silent after that
   * @param leaving told, from the connection's thread, that the server will answer nothing new on
   *     this connection
   */
  public static AnswerConnection shared(ApiServer server, Duration patience, Runnable leaving) {
    Timeout timeout = Timeout.of(patience);
    H2MultiplexingRequester requester =
        H2MultiplexingRequesterBootstrap.bootstrap()
            .setIOReactorConfig(oneThread())
            .setH2Config(
                H2Config.custom().setPushEnabled(false).setInitialWindowSize(FIRST_BYTES).build())
            .setTlsStrategy(server.tls())
            .setStrictALPNHandshake(true)
            .setStreamListener(new GoAway(leaving))
            .create();
    return new AnswerConnection(
        server,
        true,
        requester,
        exchange ->
            exchange.whole = requester.execute(exchange, timeout, HttpCoreContext.create()));
  }

  /**
   * A connection for each answer, by HTTP/1.1.
   *
   * @param patience how long it may take to connect, and be silent after that
   */
  public static AnswerConnection unshared(ApiServer server, Duration patience) {
    Timeout timeout = Timeout.of(patience);
    HttpAsyncRequester requester =
        AsyncRequesterBootstrap.bootstrap()
            .setIOReactorConfig(oneThread())
            .setMaxTotal(MAX_UNSHARED)
            .setDefaultMaxPerRoute(MAX_UNSHARED)
            .setTlsStrategy(server.isSecure() ? server.tls() : null)
            .create();
    return new AnswerConnection(
        server,
        false,
        requester,
        exchange -> {
          var unused =
              requester.connect(
                  HttpHost.create(server.uri("")), timeout, HTTP_1_1, new Connected(exchange));
        });
  }

  private static IOReactorConfig oneThread() {
    return IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build();
  }

  /** Whether answers share one connection. */
  public boolean isShared() {
    return shared;
  }

  /** How many answers are on their way. */
  public int open() {
    return open.get();
  }

  /**
   * Whether a request failed because the server does not let answers share a connection. One that
   * is cut while it is made safe fails by the same class, but has told nothing of protocols.
   */
  public static boolean isRefusalToShare(Exception why) {
    return why instanceof ProtocolNegotiationException && why.getMessage().startsWith(ALPN);
  }

  /**
   * Asks for {@code path}, which begins with a slash.
   *
   * @param accept the media type of the answer
   */
  public Asked get(String path, String accept, Answer answer) {
    HttpRequest request = new BasicHttpRequest("GET", server.uri(path));
    request.setHeader("Accept", accept);
    server.headers().forEach(request::setHeader);
    Exchange exchange = new Exchange(request, answer);
    open.incrementAndGet();
    exchanges.execute(exchange);
    return exchange::unwanted;
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    requester.close(CloseMode.IMMEDIATE);
  }

  /** One request and its answer. */
  private final class Exchange implements AsyncClientExchangeHandler {
    private final HttpRequest request;
    private final Answer answer;

    /** Nothing more is to be told. */
    private final AtomicBoolean over = new AtomicBoolean();

    private final AtomicBoolean released = new AtomicBoolean();

    /** Ends the request; null until it is made. */
    private volatile Cancellable whole;

    /** Ends the answer at once; null until some of it has come. */
    private volatile Cancellable stream;

    Exchange(HttpRequest request, Answer answer) {
      this.request = request;
      this.answer = answer;
    }

    void unwanted() {
      if (over.compareAndSet(false, true)) {
        Cancellable known = stream != null ? stream : whole;
        if (known != null) {
          known.cancel();
        }
      }
    }

    /** The connection will not execute this. */
    @Override
    public void cancel() {
      failed(new ConnectionClosedException("the connection is about to be closed"));
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context)
        throws HttpException, IOException {
      channel.sendRequest(request, null, context);
    }

    @Override
    public int available() {
      return 0;
    }

    @Override
    public void produce(DataStreamChannel channel) {}

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {}

    @Override
    public void consumeResponse(HttpResponse response, EntityDetails body, HttpContext context) {
      if (response.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED) {
        server.unauthorized();
      }
      if (!over.get()) {
        Header retryAfter = response.getFirstHeader("Retry-After");
        answer.begin(response.getCode(), retryAfter == null ? null : retryAfter.getValue());
      }
      if (body == null) {
        streamEnd(null);
      }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
      if (channel instanceof Cancellable each) {
        stream = each;
      }
      channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
      if (!over.get()) {
        answer.bytes(bytes);
      } else if (!shared) {
        throw new ConnectionClosedException("no more is wanted");
      }
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
      if (over.compareAndSet(false, true)) {
        answer.end();
      }
    }

    @Override
    public void failed(Exception why) {
      releaseResources();
      if (over.compareAndSet(false, true)) {
        answer.broken(why);
      }
    }

    @Override
    public void releaseResources() {
      if (released.compareAndSet(false, true)) {
        open.decrementAndGet();
      }
    }
  }

  /** Executes an exchange on the connection that is for it alone. */
  private record Connected(Exchange exchange) implements FutureCallback<AsyncClientEndpoint> {
    @Override
    public void completed(AsyncClientEndpoint endpoint) {
      exchange.whole =
          () -> {
            endpoint.releaseAndDiscard();
            return true;
          };
      if (exchange.over.get()) {
        endpoint.releaseAndDiscard();
        exchange.releaseResources();
      } else {
        endpoint.execute(exchange, HttpCoreContext.create());
      }
    }

    @Override
    public void failed(Exception why) {
      exchange.failed(why);
    }

    @Override
    public void cancelled() {
      exchange.failed(new ConnectionClosedException("closed"));
    }
  }

  /** Notices that the server wants to be rid of the connection. */
  private record GoAway(Runnable leaving) implements H2StreamListener {
    @Override
    public void onFrameInput(HttpConnection connection, int stream, RawFrame frame) {
      if (frame.isType(FrameType.GOAWAY)) {
        leaving.run();
      }
    }

    @Override
    public void onHeaderInput(HttpConnection c, int stream, List<? extends Header> headers) {}

    @Override
    public void onHeaderOutput(HttpConnection c, int stream, List<? extends Header> headers) {}

    @Override
    public void onFrameOutput(HttpConnection connection, int stream, RawFrame frame) {}

    @Override
    public void onInputFlowControl(HttpConnection c, int stream, int delta, int actualSize) {}

    @Override
    public void onOutputFlowControl(HttpConnection c, int stream, int delta, int actualSize) {}
  }
}
