package io.netservice.syncer.watch;

/**
 * What is known of an object.
 *
 * @param version its resourceVersion, {@code ""} where that is not kept
 * @param content what is kept of it, null if that is not known
 */
public record Known(String version, Object content) {

  /** Whether the API server's {@code truth} is no other. */
  public boolean agrees(Known truth) {
    return version.equals(truth.version)
        && (content == null || truth.content == null || content.equals(truth.content));
  }
}
