package io.netservice.faults.fault;

import io.netservice.faults.world.FaultyProxy;
import io.netservice.faults.world.FaultyProxy.Mischief;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The API server answers with errors, or its answers are lost: seven requests of ten. */
final class AnswerFaults {

  private AnswerFaults() {}

  static List<Fault> all() {
    return List.of(
        refused("answer-429", 429, Optional.of(1), "429 with Retry-After: 1"),
        refused("answer-500", 500, Optional.empty(), "500"),
        refused("answer-503", 503, Optional.empty(), "503"),
        new Fault(
            "answer-lost",
            "writes are done, their answers dropped",
            Layout.HTTP_PROXY,
            (world, random) -> mischief(world, random, new Mischief.LoseAnswers())));
  }

  private static Fault refused(
      String name, int status, Optional<Integer> retryAfter, String answer) {
    return new Fault(
        name,
        "seven requests of ten are answered with " + answer,
        Layout.HTTP_PROXY,
        (world, random) -> mischief(world, random, new Mischief.Refuse(status, retryAfter)));
  }

  private static int mischief(World world, Random random, Mischief what)
      throws InterruptedException {
    FaultyProxy proxy = world.faultyProxy();
    int before = proxy.hits();
    proxy.set(Optional.of(what));
    Fault.last(random, 2000, 4000);
    proxy.set(Optional.empty());
    return proxy.hits() - before;
  }
}
