package io.netservice.faults.soak;

import io.netservice.bench.report.TextTable;
import io.netservice.bench.subject.Running;
import io.netservice.faults.check.Checker.Tally;
import io.netservice.faults.check.Difference;
import io.netservice.faults.load.AdmissionLoad;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is installed runs for a long time while pods change and NetServices are created, and what
 * its processes take is measured every few seconds.
 */
public final class Soak {

  private static final Duration SAMPLE = Duration.ofSeconds(5);

  /** To measure the live heap has all the rest of it collected: not too often. */
  private static final Duration HEAP_SAMPLE = Duration.ofMinutes(5);

  /** From then on caches and compiled code should have their size. */
  private static final Duration SETTLED = Duration.ofMinutes(5);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ADMISSIONS_PER_SECOND = 20;

  private final World world;
  private final Map<String, Map<Quantity, Series>> measured = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private double seconds;
  private int changes;
  private int admitted;

  private Soak(World world) {
    this.world = world;
  }

  /**
   * Runs it.
   *
   * @param progress told how far it is
   */
  public static Soak run(World world, Duration time, Consumer<String> progress)
      throws InterruptedException {
    Soak soak = new Soak(world);
    soak.run(time, progress);
    return soak;
  }

  private void run(Duration time, Consumer<String> progress) throws InterruptedException {
    world.arrange(Layout.INSTALLED);
    if (world.checker().awaitRight(world.workload().mark(), PATIENCE).isEmpty()) {
      world.checker().differences().forEach(each -> notes.add("at the start: " + each));
    }
    world.checker().expect(true, true);
    Tally before = world.checker().tally();
    int changesBefore = world.workload().changes();
    world.workload().resume();
    AdmissionLoad load = world.load(ADMISSIONS_PER_SECOND).start();
    measure(time, progress);
    admitted = load.end().admitted();
    notes.addAll(load.failures());
    world.workload().pause();
    changes = world.workload().changes() - changesBefore;
    if (world.checker().awaitRight(world.workload().mark(), PATIENCE).isEmpty()) {
      world.checker().differences().forEach(each -> notes.add("in the end: " + each));
    }
    List<Difference> left = world.checker().read();
    left.forEach(each -> notes.add("in the end: " + each));
    notes.addAll(world.overlaps());
    Tally seen = world.checker().tally().since(before);
    if (seen.wrong() + seen.stale() + seen.withdrawn() > 0) {
      notes.addAll(seen.told());
    }
    world.checkAlive();
  }

  private void measure(Duration time, Consumer<String> progress) throws InterruptedException {
    Map<String, Running> processes = world.processes();
    long began = System.nanoTime();
    long heapDue = 0;
    for (long now = 0; now <= time.toNanos(); now = System.nanoTime() - began) {
      boolean heap = now >= heapDue;
      seconds = now / 1e9;
      for (Map.Entry<String, Running> each : processes.entrySet()) {
        for (Quantity quantity : Quantity.values()) {
          if (quantity != Quantity.LIVE_HEAP || heap) {
            series(each.getKey(), quantity).add(seconds, quantity.of(each.getValue()));
          }
        }
      }
      heapDue += heap ? HEAP_SAMPLE.toNanos() : 0;
      world.checkAlive();
      progress.accept(String.format(Locale.ROOT, "%.0f of %d s", seconds, time.toSeconds()));
      Thread.sleep(SAMPLE.toMillis());
    }
  }

  private Series series(String process, Quantity quantity) {
    return measured
        .computeIfAbsent(process, any -> new LinkedHashMap<>())
        .computeIfAbsent(quantity, any -> new Series());
  }

  /** Whether nothing grew and nothing was ever wrong. */
  public boolean isGood() {
    return notes.isEmpty()
        && measured.values().stream()
            .flatMap(each -> each.values().stream())
            .allMatch(Series::isFlat);
  }

  private static final String[] HEADS = {
    "process", "what", "start", "after 5 min", "end", "largest", "growth in the second half", "flat"
  };

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    measured.forEach(
        (process, quantities) ->
            quantities.forEach(
                (quantity, series) ->
                    rows.add(
                        List.of(
                            process,
                            quantity.title(),
                            quantity.show(series.first()),
                            quantity.show(series.after((double) SETTLED.toSeconds())),
                            quantity.show(series.last()),
                            quantity.show(series.largest()),
                            String.format(Locale.ROOT, "%+.1f", series.growth()),
                            series.isFlat() ? "yes" : "no"))));
    return rows;
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%.0f minutes, %d changes of pods, %d NetServices admitted, %d things not right.%n",
        seconds / 60,
        changes,
        admitted,
        notes.size());
  }

  /** A table in columns, with what was not right below. */
  public String text() {
    TextTable table = new TextTable(2, HEADS);
    rows().forEach(table::add);
    StringBuilder text = new StringBuilder(summary()).append(table);
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    return text.toString();
  }

  /** Writes the table for a README into {@code folder}. */
  public void write(Path folder) throws IOException {
    StringBuilder text = new StringBuilder(summary()).append('\n');
    text.append("| ").append(String.join(" | ", HEADS)).append(" |\n");
    text.append("|").append(" --- |".repeat(HEADS.length)).append('\n');
    rows().forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("soak.md"), text);
  }
}
