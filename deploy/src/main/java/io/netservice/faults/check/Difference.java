package io.netservice.faults.check;

/** Something that is published and should not be, or the other way round. */
public record Difference(What what, String where) {

  /** In which way. */
  public enum What {
    MISSING,
    /** Not so, or not so any more. */
    STALE,
    DUPLICATE
  }

  @Override
  public String toString() {
    return what + " " + where;
  }
}
