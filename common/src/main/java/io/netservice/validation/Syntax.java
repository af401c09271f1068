package io.netservice.validation;

import java.util.regex.Pattern;

/**
 * The forms of names in Kubernetes, as {@code k8s.io/apimachinery/pkg/util/validation} has them.
 * Each looks at the length first, so that no pattern runs over a text without bounds.
 */
final class Syntax {

  /** RFC 1035: a label is at most 63 characters; Kubernetes bounds label values the same. */
  static final int LABEL_MAX = 63;

  /** RFC 1123: what is left of 255 octets for the characters of a name. */
  static final int SUBDOMAIN_MAX = 253;

  /** RFC 6335: a service name has at most 15 characters; Linux bounds interface names the same. */
  static final int SERVICE_NAME_MAX = 15;

  private static final Pattern RFC_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern RFC_1123 = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern NAME_PART =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern HAS_LETTER = Pattern.compile("[-0-9]*[a-z].*");
  private static final Pattern INTERFACE = Pattern.compile("[^/:\\s]+");

  private Syntax() {}

  static boolean isServiceName(String text) {
    return matches(RFC_1035, text, LABEL_MAX);
  }

  static boolean isDnsLabel(String text) {
    return matches(RFC_1123, text, LABEL_MAX);
  }

  static boolean isDnsSubdomain(String text) {
    return matches(SUBDOMAIN, text, SUBDOMAIN_MAX);
  }

  /** Whether {@code text} is {@code [namespace/]name} of a NetworkAttachmentDefinition. */
  static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    return (slash < 0 || isDnsLabel(text.substring(0, slash)))
        && isDnsSubdomain(text.substring(slash + 1));
  }

  /** Whether {@code text} is {@code [prefix/]name}, as label keys are. */
  static boolean isQualifiedName(String text) {
    int slash = text.indexOf('/');
    return (slash < 0 || isDnsSubdomain(text.substring(0, slash)))
        && matches(NAME_PART, text.substring(slash + 1), LABEL_MAX);
  }

  static boolean isLabelValue(String text) {
    return text.isEmpty() || matches(NAME_PART, text, LABEL_MAX);
  }

  /** Whether {@code text} is the name of a container's port (IANA_SVC_NAME). */
  static boolean isContainerPortName(String text) {
    return matches(SERVICE_NAME, text, SERVICE_NAME_MAX) && HAS_LETTER.matcher(text).matches();
  }

  static boolean isInterface(String text) {
    return matches(INTERFACE, text, SERVICE_NAME_MAX);
  }

  static boolean isPort(int number) {
    return number >= 1 && number <= 65535;
  }

  private static boolean matches(Pattern pattern, String text, int max) {
    return text.length() <= max && pattern.matcher(text).matches();
  }
}
