package io.netservice.syncer.plan;

import io.netservice.api.NetServiceStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to write: slices first, of these what is {@link #isLate late} after those that are created,
 * then Endpoints, then what is deleted. Updates and deletions carry the resourceVersion they were
 * planned on.
 *
 * @param service what to do with the Service; if there is something, it comes first and the plan is
 *     made anew afterwards
 * @param creates objects to create
 * @param updates objects to replace, in this order
 * @param late the names of slices among the updates from which addresses go to created ones
 * @param deletes objects to delete
 * @param status the status to write, empty if it says the same already
 */
public record Plan(
    Optional<ServiceChange> service,
    List<OwnedObject> creates,
    List<OwnedObject> updates,
    Set<String> late,
    List<OwnedObject> deletes,
    Optional<NetServiceStatus> status) {

  public Plan {
    creates = List.copyOf(creates);
    updates = List.copyOf(updates);
    late = Set.copyOf(late);
    deletes = List.copyOf(deletes);
  }

  /** Whether {@code update} is to be written after the slices that are created. */
  public boolean isLate(SliceObject update) {
    return late.contains(update.name());
  }

  /** Whether nothing is to be written. */
  public boolean isEmpty() {
    return !publishes() && status.isEmpty();
  }

  /** Whether something other than the status is to be written. */
  public boolean publishes() {
    return service.isPresent() || !creates.isEmpty() || !updates.isEmpty() || !deletes.isEmpty();
  }

  /** What to do with the Service. */
  public sealed interface ServiceChange {
    /** There is none. */
    record Create(io.fabric8.kubernetes.api.model.Service service) implements ServiceChange {}

    /** It differs in fields that can change in place. */
    record Update(io.fabric8.kubernetes.api.model.Service service) implements ServiceChange {}

    /** A cluster IP can't come or go in place: this one has to go before another can be made. */
    record Replace(io.fabric8.kubernetes.api.model.Service old) implements ServiceChange {}
  }
}
