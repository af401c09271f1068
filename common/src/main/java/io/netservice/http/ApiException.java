package io.netservice.http;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.TimeUnit;

/** The API server answered with an error. */
public final class ApiException extends KubernetesClientException {

  private static final long serialVersionUID = 1;

  /** Whoever asks for longer is not believed. */
  private static final long MAX_RETRY_AFTER_SECONDS = 60;

  private final long retryAfterMillis;

  ApiException(String message, int code, String retryAfter) {
    super(message, code, null);
    this.retryAfterMillis = retryAfterMillis(retryAfter);
  }

  /** How long the API server wants to be left alone with this, 0 if it did not say. */
  public static long retryAfterMillis(KubernetesClientException failure) {
    return failure instanceof ApiException answered ? answered.retryAfterMillis : 0;
  }

  /**
   * What the header Retry-After says, at most a minute.
   *
   * @param retryAfter null if there is none; a date, which HTTP allows and no API server sends,
   *     counts as none
   */
  public static long retryAfterMillis(String retryAfter) {
    try {
      long seconds = retryAfter == null ? 0 : Long.parseLong(retryAfter.strip());
      return TimeUnit.SECONDS.toMillis(Math.max(0, Math.min(seconds, MAX_RETRY_AFTER_SECONDS)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
