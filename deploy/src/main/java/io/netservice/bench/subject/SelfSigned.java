package io.netservice.bench.subject;

import io.netservice.bench.cluster.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A certificate for 127.0.0.1 that signs itself, by the JDK's keytool.
 *
 * @param certificate the file of the certificate, PEM
 * @param key the file of its private key, PEM, PKCS#8
 */
public record SelfSigned(Path certificate, Path key) {

  /** Makes one in {@code folder}, which only the owner should be able to look into. */
  public static SelfSigned make(Path folder) {
    Path store = folder.resolve("webhook.p12");
    String password = UUID.randomUUID().toString();
    try {
      keytool(store, password);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, password.toCharArray());
      }
      SelfSigned result = new SelfSigned(folder.resolve("tls.crt"), folder.resolve("tls.key"));
      write(result.certificate, "CERTIFICATE", keys.getCertificate("webhook").getEncoded());
      write(result.key, "PRIVATE KEY", keys.getKey("webhook", password.toCharArray()).getEncoded());
      return result;
    } catch (IOException | GeneralSecurityException e) {
      throw new BenchException("the webhook's certificate can't be made: " + e, e);
    }
  }

  private static void keytool(Path store, String password) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "webhook",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=bench",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass:env",
                "BENCH_STOREPASS",
                "-keystore",
                store.toString())
            .redirectErrorStream(true);
    builder.environment().put("BENCH_STOREPASS", password);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted at keytool", e);
    }
  }

  private static void write(Path file, String label, byte[] der) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    Files.write(
        file,
        List.of(
            "-----BEGIN " + label + "-----",
            encoder.encodeToString(der),
            "-----END " + label + "-----"));
  }
}
