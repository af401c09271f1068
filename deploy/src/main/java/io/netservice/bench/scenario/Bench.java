package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Api;
import io.netservice.bench.cluster.Cluster;
import io.netservice.bench.cluster.Population;
import io.netservice.bench.subject.Programs;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a scenario works with.
 *
 * @param progress takes a line that says what is being done
 */
public record Bench(
    Cluster cluster, Programs programs, Settings settings, Consumer<String> progress) {

  Api api() {
    return cluster.api();
  }

  /**
   * Makes the namespaces and the pods, all ready or all not.
   *
   * @return what is worth knowing of them, as {@link Scenario#prepare} gives it
   */
  Map<String, String> populate(Population population, boolean ready) {
    cluster.populate(population, ready);
    return Map.of("bytes of a pod", "" + cluster.podBytes(population.last()));
  }
}
