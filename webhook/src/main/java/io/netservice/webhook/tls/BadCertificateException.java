package io.netservice.webhook.tls;

/** A certificate and a key that can't be served with. The message is one line that says why. */
final class BadCertificateException extends Exception {

  private static final long serialVersionUID = 1;

  BadCertificateException(String message) {
    super(message);
  }

  BadCertificateException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
