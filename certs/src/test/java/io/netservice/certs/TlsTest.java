package io.netservice.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real TLS client, which knows the CA alone, judges the certificates. */
class TlsTest {

  private final Issuer issuer = new Issuer(Clock.systemUTC());

  /** What the server's certificate says to a client that asks for {@code host}. */
  private static int connect(KeyAndCertificate server, KeyAndCertificate trusted, String host)
      throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("server", server.key(), new char[0], new Certificate[] {server.certificate()});
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, new char[0]);
    SSLContext serverSide = SSLContext.getInstance("TLS");
    serverSide.init(keyManagers.getKeyManagers(), null, null);

    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry("ca", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext clientSide = SSLContext.getInstance("TLS");
    clientSide.init(null, trust.getTrustManagers(), null);

    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (SSLServerSocket listening =
        (SSLServerSocket) serverSide.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      Thread serving =
          new Thread(
              () -> {
                try (var accepted = listening.accept()) {
                  accepted.getOutputStream().write(42);
                } catch (java.io.IOException e) {
                  // The client hung up: it tells why.
                }
              });
      serving.start();
      try (var plain = new java.net.Socket(loopback, listening.getLocalPort());
          SSLSocket client =
              (SSLSocket)
                  clientSide
                      .getSocketFactory()
                      .createSocket(plain, host, listening.getLocalPort(), true)) {
        var parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        client.startHandshake();
        return client.getInputStream().read();
      } finally {
        serving.join();
      }
    }
  }

  private static final List<String> HOSTS =
      List.of("netservice-webhook.system.svc", "netservice-webhook", "127.0.0.1", "fd00::1");

  @ParameterizedTest
  @FieldSource("HOSTS")
  void clientAcceptsEveryHostOfTheCertificate(String host) throws Exception {
    KeyAndCertificate authority = issuer.authority(Duration.ofDays(1));
    KeyAndCertificate server = issuer.server(authority, HOSTS, Duration.ofHours(1));
    assertEquals(42, connect(server, authority, host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other.system.svc",
        "a.netservice-webhook.system.svc",
        "system.svc",
        "127.0.0.2",
        "fd00::2"
      })
  void clientRefusesEveryOtherHost(String host) throws Exception {
    KeyAndCertificate authority = issuer.authority(Duration.ofDays(1));
    KeyAndCertificate server = issuer.server(authority, HOSTS, Duration.ofHours(1));
    SSLException refused = assertThrows(SSLException.class, () -> connect(server, authority, host));
    assertTrue(refused.getMessage().startsWith("No "), refused.getMessage());
  }

  @Test
  void expiredCertificateIsRefused() throws Exception {
    Issuer earlier = new Issuer(Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)));
    KeyAndCertificate authority = earlier.authority(Duration.ofDays(1));
    KeyAndCertificate server = earlier.server(authority, List.of("127.0.0.1"), Duration.ofHours(1));
    SSLException refused =
        assertThrows(SSLException.class, () -> connect(server, authority, "127.0.0.1"));
    assertTrue(refused.getMessage().contains("validity check failed"), refused.getMessage());
  }

  @Test
  void anotherAuthorityIsNotTrusted() throws Exception {
    KeyAndCertificate authority = issuer.authority(Duration.ofDays(1));
    KeyAndCertificate server = issuer.server(authority, List.of("127.0.0.1"), Duration.ofHours(1));
    KeyAndCertificate other = issuer.authority(Duration.ofDays(1));
    assertThrows(SSLException.class, () -> connect(server, other, "127.0.0.1"));
  }
}
