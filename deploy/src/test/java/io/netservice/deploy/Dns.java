package io.netservice.deploy;

import io.netservice.controlplane.ControlPlane;
import io.netservice.network.IpAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/** CoreDNS with its kubernetes plugin on loopback, and questions to it. */
final class Dns {

  private static final String DOMAIN = "svc.cluster.local";
  private static final int ATTEMPTS = 5;

  private final int port;

  private Dns(int port) {
    this.port = port;
  }

  /** Starts CoreDNS, which ends with this JVM at the latest. */
  static Dns start(ControlPlane controlPlane) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      Path corefile = Files.createTempFile(controlPlane.folder(), "Corefile", "");
      Files.writeString(
          corefile,
          """
          .:%d {
            bind 127.0.0.1
            errors
            kubernetes cluster.local {
              kubeconfig %s
              ttl 0
            }
          }
          """
              .formatted(port, controlPlane.kubeconfig()));
      JarProcess process =
          JarProcess.startCommand(
              "coredns",
              List.of(
                  controlPlane.binaries().resolve("coredns").toString(),
                  "-conf",
                  corefile.toString()));
      try {
        process.awaitLine("CoreDNS-");
        return new Dns(port);
      } catch (AssertionError e) {
        if (attempt == ATTEMPTS || !e.getMessage().contains("address already in use")) {
          throw e;
        }
      }
    }
  }

  /** A port that is free for TCP and UDP now. */
  private static int freePort() throws IOException {
    try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DatagramSocket udp =
            new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
      return udp.getLocalPort();
    }
  }

  /**
   * The answers of one type to a name within the cluster's Services, such as {@code db.shop};
   * {@code no such name} where that is the answer.
   */
  // JNDI is the JDK's one DNS client and wants a Hashtable; with this factory it deserializes
  // nothing, and it asks a server of ours.
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  Set<String> ask(String type, String name) {
    Hashtable<String, String> settings = new Hashtable<>();
    settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    settings.put(Context.PROVIDER_URL, "dns://127.0.0.1:" + port);
    try {
      InitialDirContext context = new InitialDirContext(settings);
      try {
        Set<String> answers = new TreeSet<>();
        Attribute records =
            context.getAttributes(name + "." + DOMAIN, new String[] {type}).get(type);
        for (int i = 0; records != null && i < records.size(); i++) {
          String answer = records.get(i).toString();
          // The JDK writes IPv6 addresses without "::".
          answers.add(IpAddress.parse(answer).map(IpAddress::text).orElse(answer));
        }
        return answers;
      } finally {
        context.close();
      }
    } catch (NameNotFoundException e) {
      return Set.of("no such name");
    } catch (NamingException e) {
      return Set.of("no answer: " + e.getMessage());
    }
  }
}
