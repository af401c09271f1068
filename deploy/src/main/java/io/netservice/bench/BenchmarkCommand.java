package io.netservice.bench;

import io.netservice.bench.cluster.BenchException;
import io.netservice.controlplane.ControlPlane.ControlPlaneException;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs the command line of a benchmark. */
public final class BenchmarkCommand {

  private BenchmarkCommand() {}

  /**
   * Runs {@code command}, ends the process with the exit code that it gives: 2 for a wrong
   * argument, 1 for what could not be done, of which a person is told without a stack trace.
   */
  public static void main(Callable<Integer> command, String[] args) {
    CommandLine line = new CommandLine(command);
    line.setExecutionExceptionHandler(
        (failure, failed, parsed) -> {
          if (failure instanceof BenchException
              || failure instanceof ControlPlaneException
              || failure instanceof IllegalArgumentException) {
            failed.getErr().println("\n" + failed.getCommandName() + ": " + failure.getMessage());
          } else {
            failure.printStackTrace();
          }
          return failure instanceof IllegalArgumentException ? 2 : 1;
        });
    System.exit(line.execute(args));
  }
}
