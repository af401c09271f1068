package io.netservice.faults;

import io.netservice.bench.BenchmarkCommand;
import io.netservice.bench.Progress;
import io.netservice.faults.fault.Fault;
import io.netservice.faults.fault.Faults;
import io.netservice.faults.report.Outcome;
import io.netservice.faults.report.Report;
import io.netservice.faults.report.Row;
import io.netservice.faults.soak.Soak;
import io.netservice.faults.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The fault benchmark's command line. */
@Command(
    name = "deploy/faults",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Does faults to NetService on a real control plane while pods keep changing, and measures"
            + " how long it takes until all is right again. Ends with exit code 1 if a goal was"
            + " missed: right within 5 s of the fault's end (and the Lease's time where the leader"
            + " was killed), nothing stale, wrong, twice or written by two at a time.")
public final class Main implements Callable<Integer> {

  @Option(
      names = "--faults",
      paramLabel = "NAME",
      split = ",",
      description = "Which to do, connection-* for all that begin with connection-. Default: all.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--list", description = "Say which faults there are.")
  private boolean list;

  @Option(
      names = "--runs",
      paramLabel = "COUNT",
      defaultValue = "20",
      description = "How often each is done. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description =
          "What decides how pods change, how long faults last and in which order they come."
              + " Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--minutes",
      paramLabel = "COUNT",
      description =
          "Begin no further round of all faults that could not be over by then. Default: no limit.")
  private Optional<Integer> minutes;

  @Option(
      names = "--soak",
      paramLabel = "MINUTES",
      description =
          "Do no faults, but measure for so long what the processes take while pods change, and"
              + " whether that grows.")
  private Optional<Integer> soak;

  @Option(
      names = "--pace",
      paramLabel = "MS",
      defaultValue = "200",
      description = "Time from one change of a pod to the next. Default: ${DEFAULT-VALUE}.")
  private int pace;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Where result.json, result.md and soak.md go. Default: deploy/target/faults.")
  private Optional<Path> output;

  @Option(names = "--root", hidden = true, defaultValue = ".")
  private Path root;

  @Option(names = "--terminal", hidden = true)
  private boolean terminal;

  public static void main(String[] args) {
    BenchmarkCommand.main(new Main(), args);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<Fault> faults = Faults.named(names);
    if (list) {
      faults.forEach(each -> System.out.printf("%-24s %s%n", each.name(), each.title()));
      return 0;
    }
    if (runs < 1 || pace < 1) {
      throw new IllegalArgumentException("--runs and --pace must be at least 1");
    }
    Progress progress = new Progress(terminal);
    if (soak.isPresent()) {
      return soak(Duration.ofMinutes(soak.get()), progress) ? 0 : 1;
    }
    List<Row> rows = run(faults, progress);
    progress.end();
    System.out.print(Report.text(rows));
    return rows.stream().allMatch(Row::isGood) ? 0 : 1;
  }

  private List<Row> run(List<Fault> faults, Progress progress)
      throws InterruptedException, IOException {
    Map<Fault, List<Outcome>> outcomes = new LinkedHashMap<>();
    faults.forEach(fault -> outcomes.put(fault, new ArrayList<>()));
    List<List<Fault>> rounds = rounds(faults);
    int all = rounds.stream().mapToInt(List::size).sum();
    int number = 0;
    Path folder = folder();
    progress.begin("a new control plane");
    List<Row> rows = List.of();
    try (World world = World.start(settings(progress))) {
      FaultBench bench = new FaultBench(world, seed);
      long began = System.nanoTime();
      for (int round = 0; round < rounds.size() && isTimeFor(round, began); round++) {
        for (Fault fault : rounds.get(round)) {
          List<Outcome> done = outcomes.get(fault);
          progress.begin("%d/%d %s".formatted(++number, all, fault.name()));
          Outcome outcome = bench.run(fault, done.size() + 1);
          done.add(outcome);
          if (!outcome.isGood(fault.limit().toMillis() / 1e3)) {
            progress.line("%s, run %d: %s".formatted(fault.name(), done.size(), outcome));
            world.keepLogs(folder.resolve(fault.name() + "-" + done.size()));
          }
          rows = rows(outcomes);
          // After each, because the whole takes long and may be ended before.
          Report.write(folder, rows, seed);
        }
      }
    }
    return rows;
  }

  private boolean soak(Duration time, Progress progress) throws InterruptedException, IOException {
    progress.begin("a new control plane");
    try (World world = World.start(settings(progress))) {
      Soak result = Soak.run(world, time, progress::step);
      progress.end();
      System.out.print(result.text());
      result.write(folder());
      return result.isGood();
    }
  }

  private World.Settings settings(Progress progress) {
    return new World.Settings(root, seed, Duration.ofMillis(pace), progress::step);
  }

  private Path folder() {
    return output.orElse(root.resolve("deploy/target/faults"));
  }

  /** Whether one more round can be over in time, if it takes as long as those so far. */
  private boolean isTimeFor(int round, long began) {
    if (minutes.isEmpty() || round == 0) {
      return true;
    }
    double spent = System.nanoTime() - began;
    return spent + spent / round <= Duration.ofMinutes(minutes.get()).toNanos();
  }

  /**
   * All runs, in rounds that do every fault once: layout by layout, because to change it takes
   * time, and mixed within each.
   */
  private List<List<Fault>> rounds(List<Fault> faults) {
    Random random = new Random(seed);
    List<List<Fault>> rounds = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      List<Fault> round = new ArrayList<>(faults);
      Collections.shuffle(round, random);
      round.sort(Comparator.comparing(Fault::layout));
      rounds.add(round);
    }
    return rounds;
  }

  private static List<Row> rows(Map<Fault, List<Outcome>> outcomes) {
    return outcomes.entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .map(
            each ->
                new Row(
                    each.getKey().name(),
                    each.getKey().title(),
                    each.getKey().limit().toMillis() / 1e3,
                    each.getValue()))
        .toList();
  }
}
