package io.netservice.syncer.http;

import java.nio.ByteBuffer;

/**
 * Takes the answer to one request as it comes. Called by one thread at a time: {@link #begin} once,
 * {@link #bytes} as often as there are some, then {@link #end}; or {@link #broken} in place of all
 * that was still to come.
 */
public interface Answer {

  /**
   * The API server answers.
   *
   * @param code of HTTP
   * @param retryAfter what the header of that name says, null if there is none
   */
  void begin(int code, String retryAfter);

  /** The next bytes of the body, valid only during the call. */
  void bytes(ByteBuffer bytes);

  /** The body is complete. */
  void end();

  /** There is no answer, or no more of it: the connection failed. */
  void broken(Exception why);
}
