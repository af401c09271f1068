package io.netservice.runtime;

import io.netservice.network.NamespaceIsolation;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@link NamespaceIsolation}, the same for webhook and syncer. */
public final class IsolationOptions {

  @Option(
      names = "--namespace-isolation",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "false",
      description =
          "Whether a NetService may name networks of its own namespace and of the global ones alone,"
              + " as Multus has it. Default: ${DEFAULT-VALUE}.")
  private boolean isolation;

  @Option(
      names = "--global-namespaces",
      paramLabel = "NAMESPACE",
      split = ",",
      defaultValue = "default",
      description =
          "Namespaces whose networks all may name where namespaces are isolated; may be repeated."
              + " Default: ${DEFAULT-VALUE}.")
  private List<String> global = List.of();

  /** What the options say. */
  public NamespaceIsolation isolation() {
    return NamespaceIsolation.of(isolation, global);
  }
}
