package io.netservice.syncer.leader;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** A Lease with the API server's rules: a change needs the resourceVersion of what it changes. */
final class FakeLease {

  private LeaseRecord lease;
  private int version;
  private int changes;

  /** What a replica sees of it, with a network that can fail. */
  final class View implements LeaseStore {
    boolean cut;
    boolean loseAnswers;

    /** Runs in the middle of the next request, once it was sent. */
    Runnable underWay = () -> {};

    @Override
    public Optional<LeaseRecord> read() {
      begin();
      return Optional.ofNullable(lease);
    }

    @Override
    public LeaseRecord create(LeaseRecord wanted) {
      begin();
      if (lease != null) {
        throw new KubernetesClientException("exists", 409, null);
      }
      return store(wanted);
    }

    @Override
    public LeaseRecord update(LeaseRecord wanted) {
      begin();
      if (lease == null) {
        throw new KubernetesClientException("not found", 404, null);
      }
      if (!lease.resourceVersion().equals(wanted.resourceVersion())) {
        throw new KubernetesClientException("changed", 409, null);
      }
      return store(wanted);
    }

    private void begin() {
      Runnable now = underWay;
      underWay = () -> {};
      now.run();
      if (cut) {
        throw new KubernetesClientException("unreachable");
      }
    }

    private LeaseRecord store(LeaseRecord wanted) {
      LeaseRecord stored = set(wanted);
      if (loseAnswers) {
        throw new KubernetesClientException("the answer is lost");
      }
      return stored;
    }
  }

  View view() {
    return new View();
  }

  /** As it is, null if there is none. */
  LeaseRecord get() {
    return lease;
  }

  int changes() {
    return changes;
  }

  /** Somebody writes it. What is as before does not make a new version. */
  LeaseRecord set(LeaseRecord wanted) {
    LeaseRecord same = lease == null ? null : withVersion(wanted, lease.resourceVersion());
    if (!wanted.equals(lease) && (lease == null || !same.equals(lease))) {
      version++;
      changes++;
    }
    lease = withVersion(wanted, "" + version);
    return lease;
  }

  void delete() {
    lease = null;
  }

  private static LeaseRecord withVersion(LeaseRecord of, String version) {
    return new LeaseRecord(
        of.holder(),
        of.durationSeconds(),
        of.acquireTime(),
        of.renewTime(),
        of.transitions(),
        version);
  }
}
