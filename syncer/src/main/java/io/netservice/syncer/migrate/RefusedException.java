package io.netservice.syncer.migrate;

/** Something is not as it has to be; the message tells what, and what can be done. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }
}
