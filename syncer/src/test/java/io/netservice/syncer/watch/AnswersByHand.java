package io.netservice.syncer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Stands where the API server would, for answers that a real one does not give on demand: each
 * request waits until the test has answered it. It knows nothing of Kubernetes.
 */
final class AnswersByHand implements AutoCloseable {

  private final HttpServer server;
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

  AnswersByHand() throws IOException {
    this(HttpServer.create(loopback(), 0));
  }

  /** Over TLS, without a word on protocols: such a server speaks HTTP/1.1. */
  AnswersByHand(SSLContext tls) throws IOException {
    this(secured(HttpsServer.create(loopback(), 0), tls));
  }

  private static HttpServer secured(HttpsServer server, SSLContext tls) {
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  private AnswersByHand(HttpServer server) {
    this.server = server;
    // No executor: the one thread only takes requests in, answers are given by the test's thread.
    server.createContext("/", exchange -> asked.add(new Asked(exchange)));
    server.start();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Waits for the next request. */
  Asked next() throws InterruptedException {
    Asked next = asked.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing is asked for");
    }
    return next;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** A request and what is answered to it. */
  static final class Asked {
    private final HttpExchange exchange;
    private boolean begun;

    private Asked(HttpExchange exchange) {
      this.exchange = exchange;
    }

    String path() {
      return exchange.getRequestURI().getPath();
    }

    /** The media type that is wanted. */
    String accept() {
      return exchange.getRequestHeaders().getFirst("Accept");
    }

    /** The value of a parameter of the query, empty if it has none of that name. */
    String parameter(String name) {
      for (String each : exchange.getRequestURI().getRawQuery().split("&", -1)) {
        if (each.startsWith(name + "=")) {
          return URLDecoder.decode(each.substring(name.length() + 1), UTF_8);
        }
      }
      return "";
    }

    /** Answers all at once, with headers given as name, value, name, value. */
    void answer(int code, String body, String... headers) {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      byte[] bytes = body.getBytes(UTF_8);
      try {
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Sends lines of an answer that goes on, each at once. */
    void lines(String... lines) {
      try {
        if (!begun) {
          exchange.sendResponseHeaders(200, 0);
          begun = true;
        }
        for (String line : lines) {
          exchange.getResponseBody().write((line + "\n").getBytes(UTF_8));
          exchange.getResponseBody().flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Ends the answer in good order. */
    void end() {
      exchange.close();
    }
  }
}
