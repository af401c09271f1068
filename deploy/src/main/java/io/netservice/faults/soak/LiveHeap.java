package io.netservice.faults.soak;

import io.netservice.bench.cluster.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What of a JVM's heap is in use, told by jcmd, which has all the rest collected. */
final class LiveHeap {

  private LiveHeap() {}

  /** How many bytes the objects have that can be reached. */
  static long bytes(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), "" + pid, "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return total(output);
    } catch (IOException e) {
      throw new BenchException(jcmd + " can't be run: a JDK is needed: " + e, e);
    }
  }

  /** The last column of the line {@code Total OBJECTS BYTES}. */
  static long total(String histogram) {
    return histogram
        .lines()
        .filter(line -> line.startsWith("Total "))
        .map(line -> line.trim().split(" +", -1)[2])
        .map(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new BenchException("jcmd gives no histogram: " + histogram));
  }
}
