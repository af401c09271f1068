package io.netservice.syncer.plan;

import io.netservice.api.NetServiceStatus;
import java.util.List;
import java.util.Optional;

/**
 * What to write, in this order. Updates and deletions carry the resourceVersion they were planned
 * on.
 *
 * @param service what to do with the Service; if there is something, it comes first and the plan is
 *     made anew afterwards
 * @param writes objects to create and to replace
 * @param deletes objects to delete
 * @param status the status to write, empty if it says the same already
 */
public record Plan(
    Optional<ServiceChange> service,
    List<Write> writes,
    List<OwnedObject> deletes,
    Optional<NetServiceStatus> status) {

  public Plan {
    writes = List.copyOf(writes);
    deletes = List.copyOf(deletes);
  }

  /** An object that is created or, if it is there, replaced. */
  public record Write(OwnedObject object, boolean isCreation) {}

  /** The objects to create. */
  public List<OwnedObject> creates() {
    return writes.stream().filter(Write::isCreation).map(Write::object).toList();
  }

  /** The objects to replace. */
  public List<OwnedObject> updates() {
    return writes.stream().filter(write -> !write.isCreation()).map(Write::object).toList();
  }

  /** Whether nothing is to be written. */
  public boolean isEmpty() {
    return !publishes() && status.isEmpty();
  }

  /** Whether something other than the status is to be written. */
  public boolean publishes() {
    return service.isPresent() || !writes.isEmpty() || !deletes.isEmpty();
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
