package io.netservice.syncer.leader;

/** A write was not made because another may be the leader by now. */
public final class NotLeadingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotLeadingException() {
    super("this is not the leader", null, false, false);
  }
}
