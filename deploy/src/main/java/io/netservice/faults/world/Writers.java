package io.netservice.faults.world;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells from the audit log when two syncers were writers at a time: one wrote, or tried to, after
 * another had taken the Lease, or, where there is no Lease, after another had begun to write.
 *
 * <p>One thread at a time.
 */
final class Writers {

  private final AuditLog log;

  /** The token of who has the Lease, or wrote last; empty at first. */
  private String holder = "";

  private Instant since = Instant.EPOCH;
  private final List<String> overlaps = new ArrayList<>();
  private final Set<String> former = new HashSet<>();
  private boolean leases;

  Writers(AuditLog log) {
    this.log = log;
  }

  /** Forgets who wrote: others will, and they have a Lease or not. */
  void begin(boolean withLease) {
    log.more();
    leases = withLease;
    holder = "";
    since = Instant.EPOCH;
    former.clear();
    overlaps.clear();
  }

  /** The token of the present writer; empty if there is none. */
  String holder() {
    look();
    return holder;
  }

  /** What was written since the last call by who should not have, in words. */
  List<String> overlaps() {
    look();
    List<String> result = List.copyOf(overlaps);
    overlaps.clear();
    return result;
  }

  private void look() {
    for (AuditLog.Entry each : log.more()) {
      if (leases && each.holder() != null) {
        String taken = each.holder().isEmpty() ? "" : each.token();
        if (!taken.equals(holder)) {
          holder = taken;
          since = each.answered();
        }
      } else if (each.isWrite()) {
        if (!leases) {
          wroteWithoutLease(each);
        } else if (!each.token().equals(holder) && each.received().isAfter(since)) {
          overlaps.add(
              "%s %s %s at %s, answered %d, though another had the Lease since %s"
                  .formatted(
                      each.verb(),
                      each.resource(),
                      each.name(),
                      each.received(),
                      each.code(),
                      since));
        }
      }
    }
  }

  /** A writer that was replaced must not come back. */
  private void wroteWithoutLease(AuditLog.Entry entry) {
    if (entry.token().equals(holder)) {
      return;
    }
    if (former.contains(entry.token())) {
      overlaps.add(
          "%s %s %s at %s, though another wrote since %s"
              .formatted(entry.verb(), entry.resource(), entry.name(), entry.received(), since));
    } else {
      former.add(holder);
      holder = entry.token();
      since = entry.received();
    }
  }
}
