package io.netservice.certs;

import io.netservice.runtime.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The certs tool's command line. */
@Command(
    name = "netservice-certs",
    description = "Makes and renews the certificates of the NetService webhook.",
    subcommands = BootstrapCommand.class)
public final class Main extends Program {

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    Program.main(new Main(), args);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: bootstrap (see --help)");
  }
}
