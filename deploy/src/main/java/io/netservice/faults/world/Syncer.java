package io.netservice.faults.world;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.subject.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One replica of the syncer under the install's ServiceAccount: a process, and another with a token
 * of its own whenever it is started anew.
 */
public final class Syncer implements AutoCloseable {

  private final String name;
  private final List<String> command;
  private final Supplier<Path> kubeconfigs;
  private final Path folder;
  private final Consumer<String> died;
  private Running running;
  private Path log;
  private int starts;

  /**
   * A replica that is not started.
   *
   * @param kubeconfigs gives a new kubeconfig with a new token
   * @param died told if it ends by itself
   */
  Syncer(
      String name,
      List<String> command,
      Supplier<Path> kubeconfigs,
      Path folder,
      Consumer<String> died) {
    this.name = name;
    this.command = List.copyOf(command);
    this.kubeconfigs = kubeconfigs;
    this.folder = folder;
    this.died = died;
  }

  public String name() {
    return name;
  }

  /** Starts it and returns at once. */
  public void start() {
    start(kubeconfigs.get());
  }

  /**
   * As {@link #start}, with a kubeconfig that {@link #credentials} gave: nobody has to be asked.
   */
  public void start(Path kubeconfig) {
    starts++;
    log = folder.resolve(name + "-" + starts + ".log");
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    running = Running.start(name, line, log, died);
  }

  /** What the next process is to present itself with. */
  public Path credentials() {
    return kubeconfigs.get();
  }

  /** Its process, which may have ended. */
  public Running running() {
    return running;
  }

  /** What its present process tells. */
  Path log() {
    return log;
  }

  /** Whether its process was told to end, or was killed. */
  public boolean isEnding() {
    return running.isStopping();
  }

  /** Waits until it says {@code text}. */
  public void awaitLine(String text) throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (count(text) == 0) {
      if (System.nanoTime() > end || !running.isAlive()) {
        throw new BenchException("%s does not say '%s': see %s".formatted(name, text, log));
      }
      Thread.sleep(20);
    }
  }

  /** How many lines with {@code text} its present process has written. */
  public int count(String text) {
    try {
      return (int)
          Files.readString(log, StandardCharsets.ISO_8859_1)
              .lines()
              .filter(line -> line.contains(text))
              .count();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Waits until so many lines of its present process have {@code text}, for some seconds, and gives
   * how many more than one less there are: none if they don't come.
   */
  public int awaitCount(String text, int least) throws InterruptedException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (count(text) < least && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return Math.max(0, count(text) - least + 1);
  }

  /** Ends it, a frozen one too. */
  @Override
  public void close() {
    if (running != null && running.isAlive()) {
      running.resume();
      running.close();
    }
  }
}
