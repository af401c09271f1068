package io.netservice.certs;

import io.netservice.network.IpAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names that a certificate speaks for. */
final class Hosts {

  /** RFC 1123; what ends in a number would be taken for an IPv4 address (RFC 3696, section 2). */
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?!.*(^|\\.)\\d+$)(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");

  private Hosts() {}

  static boolean isIp(String host) {
    return host.indexOf('/') < 0 && IpAddress.parse(host).isPresent();
  }

  /** The names under which pods and the API server reach a Service. */
  static List<String> ofService(String service, String namespace) {
    String full = service + "." + namespace + ".svc";
    return List.of(full, full + ".cluster.local", service + "." + namespace, service);
  }

  /**
   * The names of a Service and {@code more}, each once. A name more must not cost the others: the
   * webhook configurations of the install reach the webhook by its Service.
   */
  static List<String> ofWebhook(String service, String namespace, List<String> more) {
    return Stream.concat(ofService(service, namespace).stream(), more.stream())
        .map(Hosts::canonical)
        .distinct()
        .toList();
  }

  /**
   * Checks names given by a person.
   *
   * @throws IllegalArgumentException for one that is neither a DNS name nor an IP address
   */
  static List<String> checked(List<String> hosts) {
    for (String host : hosts) {
      if (!isIp(host) && !DNS_NAME.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "--host " + host + ": must be a DNS name in lower case or an IP address");
      }
    }
    return hosts;
  }

  /** The names in {@code certificate}, addresses in their canonical spelling. */
  static Set<String> of(X509Certificate certificate) throws CertificateParsingException {
    Set<String> result = new TreeSet<>();
    var names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      names.forEach(name -> result.add(canonical(name.get(1).toString())));
    }
    return result;
  }

  static String canonical(String host) {
    return isIp(host) ? IpAddress.parse(host).orElseThrow().text() : host;
  }
}
