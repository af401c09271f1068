package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.netservice.controlplane.ControlPlane;
import io.netservice.runtime.Program;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/**
 * Certificates that live for seconds, renewed again and again while the API server asks the webhook
 * 200 times a second: nothing is refused, no connection dropped. A control plane of its own, so
 * that all requests are to this webhook.
 */
class RotationIT {

  private static final int PER_SECOND = 200;
  private static final int ROTATIONS = 10;

  /**
   * Renewed after 10.7 s and 4 s. What kubelet, the webhook's look at its files and a busy machine
   * take has to fit into the rest, and that the next CA is trusted for a second before it signs:
   * 10.7 s is soon after a certificate was made, whose life covers that second.
   */
  private static final String[] LIFETIMES = {"--ca-lifetime=16s", "--lifetime=6s", "--settle=1s"};

  private ControlPlane controlPlane;
  private Kubectl kubectl;
  private KubernetesClient client;
  private Path certs;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @Test
  void nothingIsRefusedWhileCertificatesAreRenewed() throws Exception {
    controlPlane =
        ControlPlane.start(
            AuditLog.keep(
                "rotation",
                ControlPlane.Options.defaults().parts(ControlPlane.Part.KUBE_APISERVER)));
    JarProcess webhook = null;
    try {
      kubectl = new Kubectl(controlPlane);
      client = Kubectl.clientOf(controlPlane.kubeconfig());
      kubectl.run("apply", "-k", "../deploy/base");
      kubectl.run("wait", "--for=condition=Established", "crd/netservices.netservice.cni.cncf.io");
      certs = kubectl.kubeconfigOf("netservice-certs");
      renew();
      SecretFiles files =
          new SecretFiles(Files.createTempDirectory(controlPlane.folder(), "rotation"));
      files.update(secret());
      // What lives for seconds would have expired by the time that all is up.
      try (Repeated cron = new Repeated("CronJob", 250, failures, this::renew);
          Repeated kubelet = new Repeated("kubelet", 100, failures, () -> files.update(secret()))) {
        webhook =
            JarProcess.startWebhook(
                kubectl.kubeconfigOf("netservice-webhook"),
                files.certificate(),
                files.key(),
                "--pod-name=webhook-0");
        String address = webhook.awaitLine("serving https on ").replaceAll(".* on ", "");
        kubectl.leadWebhooksTo(address);
        rotate(Integer.parseInt(address.replaceAll(".*:", "")), webhook, cron, kubelet);
      } catch (IOException | AssertionError e) {
        throw new AssertionError("%s%n%s%n%s".formatted(failures, told, webhook.output()), e);
      }
    } finally {
      if (webhook != null) {
        webhook.kill();
      }
      if (client != null) {
        client.close();
      }
      controlPlane.close();
    }
  }

  private void rotate(int port, JarProcess webhook, Repeated cron, Repeated kubelet)
      throws Exception {
    Set<String> served = new HashSet<>();
    Set<String> authorities = new HashSet<>();
    AtomicInteger handshakes = new AtomicInteger();
    kubectl.runWithInput(
        "{apiVersion: netservice.cni.cncf.io/v1alpha1, kind: NetService, metadata: {name: load},"
            + " spec: {netAttachDef: core, selector: {app: a}}}",
        "create",
        "-f",
        "-");
    try (AdmissionLoad load = new AdmissionLoad(controlPlane, "load", PER_SECOND);
        Repeated stranger =
            new Repeated(
                "stranger",
                100,
                failures,
                () -> {
                  handshake(port);
                  handshakes.incrementAndGet();
                });
        SSLSocket kept = connect(port)) {
      kept.startHandshake();
      long began = System.nanoTime();
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(kept.getInputStream(), StandardCharsets.US_ASCII));
      while (served.size() <= ROTATIONS) {
        Secret secret = secret();
        served.add(secret.getData().get("tls.crt"));
        authorities.add(secret.getData().get("ca.crt"));
        ask(kept, answers);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      cron.end();
      String last = "certificate of CN=netservice-webhook, valid until ";
      Await.until(
          "the webhook serves the last",
          () -> webhook.output().contains(last + Tls.notAfter(secret().getData().get("tls.crt"))));
      ask(kept, answers);
      kubelet.end();
      stranger.end();
      load.end();
      failures.addAll(load.failures());

      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%d rotations (%d CAs) in %.1f s: %d of %d admitted, %d handshakes with the caBundle of"
              + " the moment, %d failures%n",
          served.size() - 1,
          authorities.size(),
          seconds,
          load.admitted(),
          load.sent(),
          handshakes.get(),
          failures.size());
      assertEquals(
          0, failures.size(), () -> failures.peek() + "\n" + told + "\n" + webhook.output());
      assertEquals(load.sent(), load.admitted());
      assertTrue(load.sent() > 0.9 * PER_SECOND * seconds, "the load was as meant");
      assertTrue(authorities.size() >= 3, "CAs were renewed, too");
      assertTrue(handshakes.get() > 10 * ROTATIONS, "there were connections all the time");
    }
    // Seconds are nothing beside the minutes that notBefore lies back: renewal is overdue at once.
    Await.until("an Event warns", () -> warnings().contains("has not been renewed"));
    for (String output : new String[] {told.toString(), webhook.output()}) {
      assertFalse(output.contains("PRIVATE KEY"), output);
    }
    // The old CAs are not trusted for ever.
    assertTrue(count(bundle(), "BEGIN") <= 3, RotationIT::tooMany);
  }

  /** What is said of the pod of the webhook. */
  private String warnings() {
    return client
        .v1()
        .events()
        .inNamespace("netservice-system")
        .withField("involvedObject.name", "webhook-0")
        .list()
        .getItems()
        .stream()
        .map(event -> event.getType() + " " + event.getReason() + ": " + event.getMessage())
        .filter(text -> text.startsWith("Warning CertificateRenewalOverdue: "))
        .collect(Collectors.joining("\n"));
  }

  private static String tooMany() {
    return "CAs that nothing uses any more are left in the caBundle";
  }

  private static int count(String text, String word) {
    return text.split(word, -1).length - 1;
  }

  /** Asks over a connection that is open since before the first renewal. */
  private static void ask(SSLSocket kept, BufferedReader answers) throws IOException {
    kept.getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: webhook\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    String status = answers.readLine();
    assertTrue(String.valueOf(status).startsWith("HTTP/1.1 404"), "answered: " + status);
    int length = 0;
    for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    assertEquals(length, answers.skip(length));
  }

  private Secret secret() {
    return client
        .secrets()
        .inNamespace("netservice-system")
        .withName("netservice-webhook-tls")
        .get();
  }

  private String bundle() {
    String encoded =
        client
            .admissionRegistration()
            .v1()
            .validatingWebhookConfigurations()
            .withName("netservice")
            .get()
            .getWebhooks()
            .get(0)
            .getClientConfig()
            .getCaBundle();
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  /** As the CronJob does, under its account. */
  private void renew() {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    int code;
    try {
      String[] arguments = new String[LIFETIMES.length + 5];
      System.arraycopy(
          new String[] {
            "bootstrap", "--kubeconfig", certs.toString(), "--host=127.0.0.1", "--log-level=trace"
          },
          0,
          arguments,
          0,
          5);
      System.arraycopy(LIFETIMES, 0, arguments, 5, LIFETIMES.length);
      code = Program.execute(new io.netservice.certs.Main(), arguments);
    } finally {
      System.setOut(standard);
    }
    told.add(output.toString(StandardCharsets.UTF_8));
    assertEquals(0, code, told::toString);
  }

  /** Connects anew as an API server would that knows this caBundle. */
  private void handshake(int port) throws IOException, GeneralSecurityException {
    try (SSLSocket socket = connect(port)) {
      socket.startHandshake();
    }
  }

  private SSLSocket connect(int port) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    int i = 0;
    for (Certificate each :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(bundle().getBytes(StandardCharsets.UTF_8)))) {
      trusted.setCertificateEntry("ca-" + i++, each);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
  }
}
