package io.netservice.bench.subject;

import io.netservice.bench.cluster.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live heap of a JVM, by {@code jcmd GC.class_histogram}, which collects all garbage first. */
final class LiveHeap {

  /** The last line: {@code Total 123456 7890123}, instances and bytes. */
  private static final Pattern TOTAL =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)\\s*$", Pattern.MULTILINE);

  private LiveHeap() {}

  /** Empty if the process is no JVM; to such a one jcmd's signal would be the end. */
  static OptionalLong of(long pid) {
    if (!isJava(pid)) {
      return OptionalLong.empty();
    }
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), "" + pid, "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? total(output) : OptionalLong.empty();
    } catch (IOException e) {
      throw new BenchException("jcmd can't be run: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted at jcmd", e);
    }
  }

  private static boolean isJava(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).endsWith("java");
    } catch (IOException e) {
      return false;
    }
  }

  static OptionalLong total(String histogram) {
    Matcher matcher = TOTAL.matcher(histogram);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
