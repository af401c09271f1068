package io.netservice.bench;

import io.netservice.bench.report.JsonReport;
import io.netservice.bench.report.Machine;
import io.netservice.bench.report.Result;
import io.netservice.bench.report.SvgChart;
import io.netservice.bench.report.TextReport;
import io.netservice.bench.scenario.Scenario;
import io.netservice.bench.scenario.Scenarios;
import io.netservice.bench.scenario.Settings;
import io.netservice.bench.subject.Programs;
import io.netservice.bench.subject.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The benchmark's command line. */
@Command(
    name = "deploy/bench/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Measures NetService against kube-controller-manager on a control plane of its own: the"
            + " same pods, one after the other, in rounds. Ends with exit code 1 if a change was"
            + " lost.",
    footer = {
      "",
      "How NetService's programs are started (MODULE is SYNCER or WEBHOOK):",
      "  BENCH_MODULE_JAVA       the java to run the jar with (default: java)",
      "  BENCH_MODULE_JAVA_OPTS  options for it, instead of those beside the jar and the class archive",
      "  BENCH_MODULE_COMMAND    a whole command instead; must exec the program"
    })
public final class Main implements Callable<Integer> {

  @Parameters(
      paramLabel = "SCENARIO",
      description = "Which to run, change for all that begin with change-. Default: all.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--list", description = "Say which scenarios there are.")
  private boolean list;

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      defaultValue = "3",
      description = "How often each subject has its turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--changes",
      paramLabel = "COUNT",
      defaultValue = "200",
      description = "Changes in a turn; fewer among 10,000 pods. Default: ${DEFAULT-VALUE}.")
  private int changes;

  @Option(
      names = "--warm-up",
      paramLabel = "COUNT",
      defaultValue = "100",
      description =
          "Changes before those that count, for every subject. Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--pace",
      paramLabel = "MS",
      defaultValue = "100",
      description =
          "Least time between changes: less, and the client limits of kube-controller-manager are"
              + " what is measured. Default: ${DEFAULT-VALUE}.")
  private int pace;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "After how long a change counts as lost. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long memory may take to settle. Default: ${DEFAULT-VALUE}.")
  private int settle;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write everything as JSON. Default: deploy/target/bench/result.json.")
  private Optional<Path> json;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Where to draw the goals. Default: deploy/target/bench/result.svg.")
  private Optional<Path> svg;

  @Option(
      names = "--compare",
      paramLabel = "LABEL=COMMAND",
      description = "A further syncer to measure beside; repeatable.")
  private List<String> compare = new ArrayList<>();

  @Option(
      names = "--jvm",
      paramLabel = "LABEL=JAVA",
      description = "A further JVM to measure the syncer on; repeatable.")
  private List<String> jvms = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "SUBJECT",
      description =
          "Measure these alone, such as kcm-raised and netservice, to save time; repeatable.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--root",
      hidden = true,
      defaultValue = ".",
      description = "The top folder of the repository.")
  private Path root;

  @Option(names = "--terminal", hidden = true)
  private boolean terminal;

  public static void main(String[] args) {
    BenchmarkCommand.main(new Main(), args);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<Scenario> scenarios = Scenarios.named(names);
    if (list) {
      scenarios.forEach(each -> System.out.printf("%-24s %s%n", each.name(), each.title()));
      return 0;
    }
    Progress progress = new Progress(terminal);
    Programs programs = new Programs(root, System.getenv());
    List<Subject> others =
        Stream.concat(jvms.stream().map(programs::syncerOn), compare.stream().map(Programs::syncer))
            .toList();
    Settings settings =
        new Settings(
            changes,
            warmUp,
            Duration.ofMillis(pace),
            Duration.ofSeconds(limit),
            Duration.ofSeconds(Math.max(300, limit)),
            settle);
    Benchmark benchmark = new Benchmark(root, programs, others, only, settings, rounds, progress);
    List<Result> results = new ArrayList<>();
    Optional<Machine> machine = Optional.empty();
    for (Scenario scenario : scenarios) {
      String position = (results.size() + 1) + "/" + scenarios.size();
      results.add(benchmark.run(scenario, position));
      if (machine.isEmpty()) {
        machine = Optional.of(Machine.here(root, benchmark.binaries(), programs.syncer()));
      }
      // After each, because the whole takes long and may be ended before.
      write(json, "result.json", JsonReport.of(machine.get(), results));
      write(svg, "result.svg", SvgChart.of(machine.get(), results));
    }
    progress.end();
    System.out.print(TextReport.of(machine.orElseThrow(), results));
    return results.stream().anyMatch(Result::anyLost) ? 1 : 0;
  }

  private void write(Optional<Path> chosen, String name, String text) throws IOException {
    Path file = chosen.orElse(root.resolve("deploy/target/bench").resolve(name)).toAbsolutePath();
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
