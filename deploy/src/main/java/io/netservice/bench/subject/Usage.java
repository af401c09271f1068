package io.netservice.bench.subject;

import io.netservice.bench.cluster.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process takes, as the kernel counts it under {@code /proc} (proc(5)). */
final class Usage {

  /**
   * The unit of times in {@code /proc}: USER_HZ is 100 on every architecture that Linux runs on.
   */
  private static final double TICKS_PER_SECOND = 100;

  private static final String ESTABLISHED = "01";

  private final Path folder;

  Usage(long pid) {
    this.folder = Path.of("/proc/" + pid);
  }

  /** User and system time of all its threads so far. */
  double cpuSeconds() {
    return cpuSeconds(read("stat"));
  }

  /** How many threads it has now. */
  int threads() {
    return (int) number(read("status"), "Threads");
  }

  /** How many files, sockets and the like it has open now. */
  int descriptors() {
    return open().size();
  }

  /** How many TCP connections it has established now. */
  int connections() {
    Set<String> sockets = open().stream().map(Usage::target).collect(Collectors.toSet());
    return (int)
        Stream.of("net/tcp", "net/tcp6")
            .flatMap(file -> read(file).lines().skip(1))
            .map(line -> line.strip().split("\\s+", -1))
            .filter(fields -> fields[3].equals(ESTABLISHED))
            .filter(fields -> sockets.contains("socket:[" + fields[9] + "]"))
            .count();
  }

  private List<Path> open() {
    try (Stream<Path> descriptors = Files.list(folder.resolve("fd"))) {
      return descriptors.toList();
    } catch (IOException e) {
      throw new BenchException("the process has ended: " + e, e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  /** Resident memory now. */
  long residentBytes() {
    return number(read("status"), "VmRSS") << 10;
  }

  /** The most memory that was resident since the start or the last {@link #resetPeak}. */
  long peakBytes() {
    return number(read("status"), "VmHWM") << 10;
  }

  /** Lets {@link #peakBytes} count from what is resident now. */
  void resetPeak() {
    try {
      Files.writeString(folder.resolve("clear_refs"), "5");
    } catch (IOException e) {
      throw new BenchException("the peak of " + folder + " can't be reset: " + e, e);
    }
  }

  static double cpuSeconds(String stat) {
    // The second field is the program's name in brackets, which may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    // Fields 14 and 15 of proc(5), counted from the third.
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** The number in a field; sizes are in kilobytes. */
  static long number(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.replaceAll("\\D", ""))
        .map(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new BenchException("the process has no " + field + ": it has ended"));
  }

  private String read(String file) {
    try {
      return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new BenchException("the process has ended: " + e, e);
    }
  }
}
