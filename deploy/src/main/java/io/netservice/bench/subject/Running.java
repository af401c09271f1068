package io.netservice.bench.subject;

import io.netservice.bench.cluster.BenchException;
import io.netservice.controlplane.ControlPlane;
import io.netservice.controlplane.ControlPlane.ControlPlaneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A subject's process. It ends with this JVM at the latest, however that ends. */
public final class Running implements AutoCloseable {

  /**
   * Kills the program once the standard input ends, which is when this JVM has gone; the first line
   * it prints is the program's process id.
   */
  private static final String WRAPPER =
      """
      log=$1
      shift
      "$@" </dev/null >>"$log" 2>&1 &
      program=$!
      { read -r _; kill -KILL "$program"; } <&0 >/dev/null 2>&1 &
      watcher=$!
      echo "$program"
      code=0
      wait "$program" || code=$?
      kill "$watcher" 2>/dev/null
      exit "$code"
      """;

  private final String title;
  private final Path log;
  private final Process wrapper;
  private final ProcessHandle process;
  private final Usage usage;
  private final long started;
  private volatile boolean stopping;

  private Running(String title, Path log, Process wrapper, long pid, long started) {
    this.title = title;
    this.log = log;
    this.wrapper = wrapper;
    this.process = ProcessHandle.of(pid).orElse(wrapper.toHandle());
    this.usage = new Usage(pid);
    this.started = started;
  }

  /**
   * Starts a subject.
   *
   * @param log the file that its output is appended to
   * @param died told, with the last lines of its output, if it ends before it is stopped
   */
  public static Running start(Subject subject, Path kubeconfig, Path log, Consumer<String> died) {
    return start(
        subject.title(),
        subject.command().stream()
            .map(word -> word.replace(Subject.KUBECONFIG, kubeconfig.toString()))
            .toList(),
        log,
        died);
  }

  /**
   * Starts a program.
   *
   * @param title how a person names it
   * @param log the file that its output is appended to
   * @param died told, with the last lines of its output, if it ends before it is stopped
   */
  public static Running start(String title, List<String> program, Path log, Consumer<String> died) {
    List<String> command = new ArrayList<>(List.of("bash", "-c", WRAPPER, "subject", "" + log));
    command.addAll(program);
    try {
      long started = System.nanoTime();
      Process wrapper = new ProcessBuilder(command).start();
      String pid = wrapper.inputReader(StandardCharsets.US_ASCII).readLine();
      if (pid == null) {
        throw new BenchException(title + " can't be started: " + command);
      }
      Running running = new Running(title, log, wrapper, Long.parseLong(pid), started);
      var unused =
          wrapper
              .onExit()
              .thenAccept(
                  ended -> {
                    if (!running.stopping) {
                      died.accept(running.describeEnd(ended.exitValue()));
                    }
                  });
      return running;
    } catch (IOException e) {
      throw new BenchException(title + " can't be started: " + e, e);
    }
  }

  /** When it was started, as {@link System#nanoTime}. */
  public long started() {
    return started;
  }

  /** How many threads it has now. */
  public int threads() {
    return usage.threads();
  }

  /** How many files, sockets and the like it has open now. */
  public int descriptors() {
    return usage.descriptors();
  }

  /** How many TCP connections it has established now. */
  public int connections() {
    return usage.connections();
  }

  /** Processor time of all its threads so far. */
  public double cpuSeconds() {
    return usage.cpuSeconds();
  }

  /** Resident memory now. */
  public long residentBytes() {
    return usage.residentBytes();
  }

  /** The most memory that was resident since the last {@link #resetPeak}. */
  public long peakBytes() {
    return usage.peakBytes();
  }

  /** Lets {@link #peakBytes} count from now. */
  public void resetPeak() {
    usage.resetPeak();
  }

  /** Bytes that live on the heap after a full collection; empty if it is no JVM. */
  public OptionalLong liveHeapBytes() {
    return LiveHeap.of(process.pid());
  }

  /**
   * The resident memory once it has stopped to change, or after {@code limit} seconds at the
   * latest.
   */
  public long settledBytes(int limit, Consumer<String> progress) throws InterruptedException {
    Flatness flatness = new Flatness();
    for (int second = 0; second < limit; second++) {
      long resident = residentBytes();
      progress.accept("settling, %d s, %d MB".formatted(second, resident >> 20));
      if (flatness.isFlat(resident)) {
        return resident;
      }
      Thread.sleep(1000);
    }
    return residentBytes();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it was told to end, or was killed. */
  public boolean isStopping() {
    return stopping;
  }

  /** Ends it with SIGKILL, as a crash would, and returns when it is gone. */
  public void kill() {
    stopping = true;
    process.destroyForcibly();
    try {
      wrapper.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks it to end with SIGTERM and does not wait. */
  public void terminate() {
    stopping = true;
    process.destroy();
  }

  /** Freezes it (SIGSTOP): its connections stay open and nothing answers. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      ControlPlane.signal(name, process.pid(), title);
    } catch (ControlPlaneException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  /** Ends it with SIGTERM, or SIGKILL where that takes too long. */
  @Override
  public void close() {
    stopping = true;
    process.destroy();
    try {
      if (!wrapper.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        wrapper.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String describeEnd(int code) {
    return "%s ended with exit code %d; the last lines of its output:%n%s"
        .formatted(title, code, lastLines());
  }

  private String lastLines() {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - 15), all.size()));
    } catch (IOException e) {
      return "(no output: " + e + ")";
    }
  }
}
