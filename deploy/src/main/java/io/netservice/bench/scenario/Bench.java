package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Api;
import io.netservice.bench.cluster.Cluster;
import io.netservice.bench.subject.Programs;
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
}
