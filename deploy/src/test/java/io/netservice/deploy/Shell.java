package io.netservice.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bash that is given one command after the other, as by a person who reads and types. */
final class Shell implements AutoCloseable {

  /** A busy machine takes its time; a person would have given up. */
  private static final long BOUND_SECONDS = 150;

  private final String end = "end-of-command-" + UUID.randomUUID();
  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  /** Starts it in a folder, with these variables beside those of this process. */
  Shell(Path folder, Map<String, String> variables) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--noprofile", "--norc")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    process = builder.start();
    input = process.outputWriter();
    output = process.inputReader();
  }

  /**
   * What a command came to.
   *
   * @param output both streams, without empty lines in the end
   */
  record Result(int code, List<String> output) {}

  /**
   * Runs a command, which may have several lines, to its end.
   *
   * @throws AssertionError if it does not end, or ends the shell
   */
  Result run(String command) throws IOException {
    input.write(command + "\nprintf '\\n%s %s\\n' " + end + " $?\n");
    input.flush();
    List<String> lines = new ArrayList<>();
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> readTo(lines));
    try {
      int ended = code.get(BOUND_SECONDS, TimeUnit.SECONDS);
      while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
        lines.remove(lines.size() - 1);
      }
      return new Result(ended, lines);
    } catch (TimeoutException e) {
      close();
      throw new AssertionError(
          "no end after %d s of: %s%n%s"
              .formatted(BOUND_SECONDS, command, String.join("\n", List.copyOf(lines))),
          e);
    } catch (ExecutionException e) {
      throw new AssertionError("the shell ended in: " + command, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private int readTo(List<String> lines) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(end + " ")) {
          return Integer.parseInt(line.substring(end.length() + 1));
        }
        lines.add(line);
      }
      throw new IllegalStateException("it has ended: " + String.join("\n", lines));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it with all that it has started and that still runs. */
  @Override
  public void close() {
    List<ProcessHandle> left = process.descendants().toList();
    process.destroyForcibly();
    left.forEach(ProcessHandle::destroy);
  }
}
