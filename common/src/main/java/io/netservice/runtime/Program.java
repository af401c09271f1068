package io.netservice.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A program or a subcommand of one, with the options that all of them have.
 *
 * <p>Every option has an environment variable: {@code --metrics-port} is {@code
 * NETSERVICE_METRICS_PORT}. The command line wins. Exit codes are 0 for success, 2 for wrong usage
 * and 1 for any other failure; a failure is one line on standard error.
 */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Program.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
public abstract class Program implements Callable<Integer> {

  private static final int EXIT_FAILURE = 1;

  private static final String PREFIX = "NETSERVICE_";

  @Spec private CommandSpec spec;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "How to reach the API server. Default: KUBECONFIG, else ~/.kube/config, else the"
              + " pod's own account.")
  private Path kubeconfig;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info, debug or trace. Default: ${DEFAULT-VALUE}.")
  private String logLevel;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json for a line of JSON each. Default: ${DEFAULT-VALUE}.")
  private String logFormat;

  /** Runs {@code program} and ends the process with its exit code. */
  public static void main(Program program, String[] args) {
    // A program that has lost one of its threads would look alive and do half of its work: better
    // that Kubernetes starts it anew. Nothing is put in order first, which may hang for good.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          LoggerFactory.getLogger(program.getClass())
              .error("stopped: thread {} has failed", thread.getName(), failure);
          Runtime.getRuntime().halt(EXIT_FAILURE);
        });
    System.exit(execute(program, args));
  }

  /** Runs {@code program} and returns its exit code. */
  public static int execute(Program program, String... args) {
    CommandLine line = new CommandLine(program);
    withEnvironment(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(
        parsed -> {
          Program outer = null;
          for (CommandLine each : parsed.asCommandLineList()) {
            if (each.getCommand() instanceof Program called) {
              called.inherit(outer);
              called.setUpLogging();
              outer = called;
            }
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler(
        (failure, arguments) -> {
          CommandLine command = failure.getCommandLine();
          return failed(command, oneLine(failure) + " (see --help)", CommandLine.ExitCode.USAGE);
        });
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          LoggerFactory.getLogger(program.getClass()).debug("failed", failure);
          boolean usage =
              failure instanceof ParameterException || failure instanceof IllegalArgumentException;
          return failed(
              command,
              oneLine(failure),
              usage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE);
        });
    return line.execute(args);
  }

  private static int failed(CommandLine command, String why, int exitCode) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + why);
    return exitCode;
  }

  /** A client for the API server that {@code --kubeconfig} names. */
  protected KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(clientConfig()).build();
  }

  /**
   * How the API server that {@code --kubeconfig} names is reached. The name of the program is the
   * user agent and so, at the API server, the field manager of what it writes.
   */
  protected Config clientConfig() {
    Config config;
    if (kubeconfig == null) {
      config = Config.autoConfigure(null);
    } else {
      if (!Files.isReadable(kubeconfig)) {
        throw new IllegalArgumentException(
            "--kubeconfig " + kubeconfig + ": must be a file that can be read");
      }
      config = Config.fromKubeconfig(kubeconfig.toFile());
    }
    return new ConfigBuilder(config)
        .withUserAgent(spec.root().name() + "/" + Version.current())
        .build();
  }

  /** For errors about how the command was called. */
  protected CommandLine commandLine() {
    return spec.commandLine();
  }

  /** What was said before the name of a subcommand holds for the subcommand, unless said again. */
  private void inherit(Program outer) {
    if (outer == null) {
      return;
    }
    if (!isSaid("--kubeconfig")) {
      kubeconfig = outer.kubeconfig;
    }
    if (!isSaid("--log-level")) {
      logLevel = outer.logLevel;
    }
    if (!isSaid("--log-format")) {
      logFormat = outer.logFormat;
    }
  }

  private boolean isSaid(String option) {
    return commandLine().getParseResult().hasMatchedOption(option);
  }

  private void setUpLogging() {
    Level level =
        LogLevels.level(logLevel)
            .orElseThrow(
                () ->
                    new ParameterException(
                        commandLine(),
                        "--log-level " + logLevel + ": must be error, warn, info, debug or trace"));
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(LogLevels.OWN).setLevel(level);
    }
    switch (logFormat.toLowerCase(Locale.ROOT)) {
      case "text" -> Logging.use(Logging.Format.TEXT);
      case "json" -> Logging.use(Logging.Format.JSON);
      default ->
          throw new ParameterException(
              commandLine(), "--log-format " + logFormat + ": must be text or json");
    }
  }

  /** Gives each option its variable: as its default and in its description. */
  private static void withEnvironment(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    for (OptionSpec option : List.copyOf(spec.options())) {
      if (option.usageHelp() || option.versionHelp()) {
        continue;
      }
      String variable = variable(option.longestName());
      List<String> description = new ArrayList<>(Arrays.asList(option.description()));
      description.add("[" + variable + "]");
      OptionSpec.Builder described =
          option.toBuilder().description(description.toArray(String[]::new));
      String value = System.getenv(variable);
      if (value != null && !value.isEmpty()) {
        described.defaultValue(value);
      }
      spec.remove(option);
      spec.addOption(described.build());
    }
    line.getSubcommands().values().forEach(Program::withEnvironment);
  }

  static String variable(String option) {
    return PREFIX + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return (message == null ? failure.toString() : message).replaceAll("\\s*\\R\\s*", " ");
  }

  /** The version that the build wrote into the jar. */
  public static final class Version implements IVersionProvider {

    /** The version of this build, {@code dev} when it doesn't run from a jar. */
    public static String current() {
      String version = Program.class.getPackage().getImplementationVersion();
      return version == null ? "dev" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {"NetService " + current()};
    }
  }

  /** Closes what was started, the last first; one that fails doesn't keep the others open. */
  public static void closeAll(List<? extends AutoCloseable> started) throws IOException {
    IOException failure = null;
    for (int i = started.size() - 1; i >= 0; i--) {
      try {
        started.get(i).close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IOException("could not stop in order", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
