package io.netservice.faults.world;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.subject.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * An HTTPS proxy, HTTP/2 or HTTP/1.1 as the client likes, before the API server: it answers some
 * requests itself with an error, or has them done and keeps the answer. May be used from any
 * thread.
 */
public final class FaultyProxy implements AutoCloseable {

  /** How often what is asked for is not done as it should be. */
  private static final double PROBABILITY = 0.7;

  /** Watches are silent for a minute. */
  private static final long IDLE_MILLIS = 600_000;

  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

  /** What is done to requests. */
  public sealed interface Mischief {

    /**
     * They are answered with an error and not passed on.
     *
     * @param retryAfter seconds for the header of that name; empty for none
     */
    record Refuse(int status, Optional<Integer> retryAfter) implements Mischief {}

    /** Writes are done and their answer is dropped, with the connection. */
    record LoseAnswers() implements Mischief {}
  }

  private final Server server = new Server();
  private final ServerConnector connector;
  private final SelfSigned identity;
  private final Random random;
  private final AtomicInteger hits = new AtomicInteger();
  private volatile Optional<Mischief> mischief = Optional.empty();

  private FaultyProxy(SelfSigned identity, Path authority, int target, long seed)
      throws IOException, GeneralSecurityException {
    this.identity = identity;
    this.random = new Random(seed);
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(keyStore(identity));
    tls.setKeyStorePassword("");
    HttpConfiguration settings = new HttpConfiguration();
    // The name is an IP address: there is no SNI to check.
    settings.addCustomizer(new SecureRequestCustomizer(false));
    settings.setIdleTimeout(IDLE_MILLIS);
    HttpConnectionFactory http1 = new HttpConnectionFactory(settings);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(settings);
    // As the API server's own.
    http2.setMaxConcurrentStreams(250);
    http2.setStreamIdleTimeout(IDLE_MILLIS);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http1);
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.setHandler(new Handler(client(authority), target));
  }

  static FaultyProxy start(Path folder, Path authority, int target, long seed) {
    try {
      FaultyProxy proxy = new FaultyProxy(SelfSigned.make(folder), authority, target, seed);
      proxy.server.start();
      return proxy;
    } catch (Exception e) {
      throw new BenchException("the proxy before the API server can't be started: " + e, e);
    }
  }

  /** Where it listens. */
  public int port() {
    return connector.getLocalPort();
  }

  /** The file of its certificate, PEM. */
  Path certificate() {
    return identity.certificate();
  }

  /** From now on this is done; empty for nothing. */
  public void set(Optional<Mischief> what) {
    mischief = what;
  }

  /** How many requests were not done as they should have been. */
  public int hits() {
    return hits.get();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new BenchException("the proxy before the API server can't be stopped: " + e, e);
    }
  }

  private final class Handler extends ProxyHandler.Reverse {

    private static final String LOSE = "lose";

    Handler(HttpClient client, int target) {
      super(
          request ->
              HttpURI.build(request.getHttpURI())
                  .scheme("https")
                  .authority("127.0.0.1", target)
                  .asImmutable());
      setHttpClient(client);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Optional<Mischief> now = mischief;
      if (now.isEmpty() || !strikes()) {
        return super.handle(request, response, callback);
      }
      if (now.get() instanceof Mischief.Refuse refuse) {
        hits.incrementAndGet();
        refuse
            .retryAfter()
            .ifPresent(seconds -> response.getHeaders().put("Retry-After", "" + seconds));
        Response.writeError(request, response, callback, refuse.status());
        return true;
      }
      if (WRITES.contains(request.getMethod())) {
        request.setAttribute(LOSE, true);
      }
      return super.handle(request, response, callback);
    }

    @Override
    protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
        Request request,
        org.eclipse.jetty.client.Request toServer,
        Response response,
        Callback callback) {
      if (request.getAttribute(LOSE) == null) {
        return super.newServerToProxyResponseListener(request, toServer, response, callback);
      }
      return result -> {
        hits.incrementAndGet();
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        // Nothing more can be sent; a failure would be told in the log.
        callback.succeeded();
      };
    }
  }

  private boolean strikes() {
    synchronized (random) {
      return random.nextDouble() < PROBABILITY;
    }
  }

  private static HttpClient client(Path authority) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      int i = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority-" + i++, each);
      }
    }
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setTrustStore(trusted);
    ClientConnector clientConnector = new ClientConnector();
    clientConnector.setSslContextFactory(tls);
    HttpClientTransport transport = new HttpClientTransportOverHTTP(clientConnector);
    HttpClient client = new HttpClient(transport);
    client.setIdleTimeout(IDLE_MILLIS);
    // Each watch has a connection of its own to the API server.
    client.setMaxConnectionsPerDestination(1024);
    return client;
  }

  private static KeyStore keyStore(SelfSigned identity)
      throws IOException, GeneralSecurityException {
    String pem = Files.readString(identity.key(), StandardCharsets.US_ASCII);
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(identity.certificate())) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setKeyEntry("proxy", key, new char[0], new Certificate[] {certificate});
    }
    return store;
  }
}
