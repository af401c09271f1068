package io.netservice.webhook.admission;

/** What was sent is no AdmissionReview. The message is one line for the sender. */
public final class BadReviewException extends Exception {

  private static final long serialVersionUID = 1;

  BadReviewException(String message) {
    super(message);
  }
}
