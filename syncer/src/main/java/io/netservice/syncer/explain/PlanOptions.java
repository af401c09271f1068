package io.netservice.syncer.explain;

import io.netservice.runtime.IsolationOptions;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PlannerSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the syncer was started with, and a plan depends on. */
final class PlanOptions {

  @Option(
      names = "--endpoints",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description =
          "Whether the syncer writes Endpoints beside the slices. Default: ${DEFAULT-VALUE}.")
  private boolean endpoints;

  @Mixin private IsolationOptions isolation;

  Planner planner() {
    return new Planner(
        new PlannerSettings(PlannerSettings.DEFAULT_MAX, endpoints, isolation.isolation()));
  }
}
