package io.netservice.syncer.migrate;

import java.util.ArrayList;
import java.util.List;

/** What is left to be done, by what there is. */
final class Steps {

  private Steps() {}

  /**
   * From the old NetService to the new one. Endpoints come before the Service: the syncer touches
   * nothing until it has the Service, and takes the Endpoints for somebody else's if it finds them
   * so then.
   */
  static List<Step> forward(Situation now) {
    List<Step> steps = new ArrayList<>();
    if (now.old().isEmpty()) {
      return steps;
    }
    boolean isToBeGiven = now.isOfOld(now.service()) || now.isOfOld(now.endpoints());
    add(steps, now.fresh().isEmpty(), Step.CREATE);
    add(steps, isToBeGiven && !now.isSeen(), Step.AWAIT_SYNCER);
    add(steps, now.isOfOld(now.endpoints()), Step.TAKE_OVER_ENDPOINTS);
    add(steps, now.isOfOld(now.service()), Step.TAKE_OVER_SERVICE);
    add(
        steps,
        isToBeGiven || !now.isPublished() || now.slicesOfSyncer().isEmpty(),
        Step.AWAIT_PUBLISHED);
    add(steps, now.isOfOld(now.template()), Step.DELETE_TEMPLATE);
    steps.add(Step.DELETE_OLD);
    return steps;
  }

  /**
   * Back. Nothing is taken from the new NetService while a syncer would still look after it: it is
   * deleted and what it owns stays, until somebody else publishes the same.
   */
  static List<Step> backward(Situation now) {
    List<Step> steps = new ArrayList<>();
    boolean hasTakenPlace = now.saved().isPresent();
    boolean isMarked = now.endpointsAreMarked() || !now.slicesOfSyncer().isEmpty();
    if (!hasTakenPlace && (now.fresh().isPresent() || now.old().isEmpty() || !isMarked)) {
      return steps;
    }
    add(steps, now.old().isEmpty(), Step.RESTORE_OLD);
    add(steps, hasTakenPlace && now.template().isEmpty(), Step.RESTORE_TEMPLATE);
    // Where the Service was not given yet the syncer does not know of the Endpoints.
    boolean isEarly = now.isOfOld(now.service());
    boolean endpointsAreDue =
        now.endpoints().isPresent()
            && !now.isOfOther(now.endpoints())
            && (!now.isOfOld(now.endpoints()) || now.endpointsAreMarked());
    add(steps, isEarly && endpointsAreDue, Step.GIVE_BACK_ENDPOINTS);
    add(steps, now.fresh().isPresent() && !Situation.isTerminating(now.fresh()), Step.DELETE_NEW);
    add(steps, now.fresh().isPresent(), Step.AWAIT_GONE);
    add(
        steps,
        now.service().isPresent() && !isEarly && !now.isOfOther(now.service()),
        Step.GIVE_BACK_SERVICE);
    add(steps, !isEarly && endpointsAreDue, Step.GIVE_BACK_ENDPOINTS);
    boolean hasSlices = !now.slicesOfSyncer().isEmpty();
    add(steps, hasSlices && (endpointsAreDue || !now.isMirrored()), Step.AWAIT_MIRRORED);
    add(steps, hasSlices, Step.DELETE_SLICES);
    return steps;
  }

  private static void add(List<Step> steps, boolean isLeft, Step step) {
    if (isLeft) {
      steps.add(step);
    }
  }
}
