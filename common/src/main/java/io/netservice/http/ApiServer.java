package io.netservice.http;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.internal.CertUtils;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.utils.ImpersonatorInterceptor;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;

/**
 * Where the API server is and how one presents oneself to it, by a client configuration: what a
 * kubeconfig or a pod's account says. Tokens are read anew every minute, as they are replaced while
 * the program runs.
 *
 * <p>May be used from any thread.
 */
public final class ApiServer {

  /** The media type of an object's metadata without the rest of it. */
  public static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

  /** The same of a list: asked for a list as an object, the API server answers 406. */
  public static final String METADATA_LIST =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

  private static final Interceptor.RequestTags NO_TAGS =
      new Interceptor.RequestTags() {
        @Override
        public <T> T getTag(Class<T> type) {
          return null;
        }
      };

  private final Config config;
  private final String master;
  private volatile List<Interceptor> identity;

  /** The API server of {@code config}. */
  public ApiServer(Config config) {
    this.config = config;
    String url = config.getMasterUrl();
    this.master = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.identity = identity(Instant.now());
  }

  /** {@code path}, which begins with a slash, on this server. */
  public URI uri(String path) {
    return URI.create(master + path);
  }

  /** How connections to it are made safe. */
  public DefaultClientTlsStrategy tls() {
    boolean verifiesHostname = !config.isDisableHostnameVerification() && !config.isTrustCerts();
    return new DefaultClientTlsStrategy(
        ssl(),
        null,
        null,
        null,
        verifiesHostname ? HostnameVerificationPolicy.BUILTIN : HostnameVerificationPolicy.CLIENT,
        NoopHostnameVerifier.INSTANCE);
  }

  private SSLContext ssl() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(SSLUtils.keyManagers(config), trust(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new KubernetesClientException(
          "the certificates for " + master + " can't be used: " + e.getMessage(), e);
    }
  }

  /** Where an authority is named nobody else is trusted: the client library adds Java's own. */
  private TrustManager[] trust() throws GeneralSecurityException, IOException {
    if (config.isTrustCerts()
        || (config.getCaCertData() == null && config.getCaCertFile() == null)) {
      return SSLUtils.trustManagers(config);
    }
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    try (InputStream pem =
        CertUtils.getInputStreamFromDataOrFile(config.getCaCertData(), config.getCaCertFile())) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        authorities.setCertificateEntry("authority-" + authorities.size(), each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }

  /** Whether it is reached over TLS. */
  public boolean isSecure() {
    return master.startsWith("https:");
  }

  /** The headers that say who asks. */
  public Map<String, String> headers() {
    Headers headers = new Headers();
    headers.setHeader("User-Agent", config.getUserAgent());
    identity.forEach(each -> each.before(headers, null, NO_TAGS));
    return headers.values;
  }

  /** The API server did not know who asked: the token is read anew for the next request. */
  public void unauthorized() {
    identity = identity(Instant.EPOCH);
  }

  private List<Interceptor> identity(Instant tokenReadAt) {
    return List.of(
        new TokenRefreshInterceptor(config, null, tokenReadAt),
        new ImpersonatorInterceptor(config.getRequestConfig()));
  }

  /** Gathers what the client library would set on its own requests. */
  private static final class Headers implements BasicBuilder {
    final Map<String, String> values = new LinkedHashMap<>();

    @Override
    public BasicBuilder uri(URI uri) {
      throw new UnsupportedOperationException("the address stays");
    }

    @Override
    public BasicBuilder header(String name, String value) {
      return setHeader(name, value);
    }

    @Override
    public BasicBuilder setHeader(String name, String value) {
      values.put(name, value);
      return this;
    }
  }
}
