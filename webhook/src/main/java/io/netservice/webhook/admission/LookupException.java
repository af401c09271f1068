package io.netservice.webhook.admission;

/** The API server gave no answer, or one that says nothing about the object. */
public final class LookupException extends Exception {

  private static final long serialVersionUID = 1;

  /** Says what was asked for and why there is no answer. */
  public LookupException(String message, Throwable cause) {
    super(message, cause);
  }
}
