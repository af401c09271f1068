package io.netservice.certs;

import java.net.HttpURLConnection;

/** A request that failed: what was tried, on which object, and why. */
final class ClusterException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * A failure.
   *
   * @param status the HTTP status, 0 if there was no answer
   */
  ClusterException(String verb, String object, int status, String why, Throwable cause) {
    super("can't " + verb + " " + object + ": " + why, cause);
    this.status = status;
  }

  /** Whether somebody else wrote or deleted the object meanwhile: it is to be read anew. */
  boolean isRace() {
    return status == HttpURLConnection.HTTP_CONFLICT || status == HttpURLConnection.HTTP_NOT_FOUND;
  }
}
