package io.netservice.certs;

import io.netservice.runtime.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The certs tool's command line. */
@Command(
    name = "netservice-certs",
    description = "Makes and renews the certificates of the NetService webhook.",
    subcommands = BootstrapCommand.class)
public final class Main extends Program {

  public static void main(String[] args) {
    Program.main(new Main(), args);
  }

  @Override
  public Integer call() {
    throw new ParameterException(commandLine(), "say what to do: bootstrap (see --help)");
  }
}
