package io.netservice.webhook.tls;

import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the serving certificate when its files appear and whenever their content changes. Content
 * is compared, not time or inode: a kubelet swaps a whole directory by a symbolic link.
 */
public final class CertificateWatcher implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CertificateWatcher.class);

  static final String SUBSYSTEM = "netservice_webhook";

  private static final Counter READS =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("certificate_reads_total")
          .help("Times that new content of the certificate files was read.")
          .register();
  private static final Counter ERRORS =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("certificate_read_errors_total")
          .help("Times that the certificate files could not be read or used.")
          .register();
  private static final Gauge EXPIRY =
      Gauge.build()
          .subsystem(SUBSYSTEM)
          .name("certificate_expiry_timestamp_seconds")
          .help("When the serving certificate expires, in seconds since 1970; 0 without one.")
          .register();

  private final Path certificateFile;
  private final Path keyFile;
  private final Duration interval;
  private final Consumer<ServingCertificate> use;
  private final Overdue overdue;
  private final Thread thread = new Thread(this::watch, "certificate-watcher");

  /** What was read last, good or bad. Only touched by {@link #look}. */
  private Content seen;

  /** Why there is no certificate, or why what is there isn't used. */
  private volatile String problem;

  private volatile ServingCertificate served;

  /**
   * Watches two files.
   *
   * @param interval how often to look
   * @param use takes each certificate, called from the watcher's thread; throws if it can't
   * @param overdue looks at what is served as often
   */
  public CertificateWatcher(
      Path certificateFile,
      Path keyFile,
      Duration interval,
      Consumer<ServingCertificate> use,
      Overdue overdue) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.interval = interval;
    this.use = use;
    this.overdue = overdue;
    thread.setDaemon(true);
  }

  /** Reads and looks at once, then again and again. Files that aren't there yet are waited for. */
  public void start() {
    look();
    thread.start();
  }

  /** Why there is no certificate to serve with; empty when there is one. */
  public Optional<String> notReady() {
    return served != null ? Optional.empty() : Optional.ofNullable(problem);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(interval.toMillis());
        look();
      }
    } catch (InterruptedException e) {
      // Only close() interrupts, and the thread ends with it.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look() {
    check();
    if (served != null) {
      overdue.look(served);
    }
  }

  private void check() {
    Content content;
    try {
      content = new Content(Files.readAllBytes(certificateFile), Files.readAllBytes(keyFile));
    } catch (IOException e) {
      failed(served != null ? "gone" : "waiting", e);
      return;
    }
    if (seen != null && seen.isSame(content)) {
      return;
    }
    seen = content;
    READS.inc();
    try {
      ServingCertificate certificate =
          ServingCertificate.parse(content.certificate(), content.key());
      use.accept(certificate);
      EXPIRY.set((double) certificate.notAfter().getEpochSecond());
      served = certificate;
      problem = null;
      log.info("serving with the certificate of {}", certificate);
    } catch (BadCertificateException | RuntimeException e) {
      failed("not used", e);
    }
  }

  /** Says and counts each problem once, not every second. */
  private void failed(String what, Exception e) {
    String message = certificateFile + ", " + keyFile + ": " + what + ": " + reason(e);
    if (message.equals(problem)) {
      return;
    }
    problem = message;
    // A file that is gone and comes back is read again.
    if (e instanceof IOException) {
      seen = null;
    }
    ERRORS.inc();
    if (served != null) {
      log.warn("{}; the certificate that was read before stays", message);
    } else {
      log.warn("{}", message);
    }
  }

  private static String reason(Exception e) {
    return e instanceof NoSuchFileException missing
        ? missing.getFile() + " does not exist"
        : String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by isSame
  private record Content(byte[] certificate, byte[] key) {

    boolean isSame(Content other) {
      return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
    }
  }
}
