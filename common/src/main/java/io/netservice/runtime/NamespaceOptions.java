package io.netservice.runtime;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Which namespaces are looked after, the same for webhook and syncer. */
public final class NamespaceOptions {

  @Option(
      names = "--namespaces",
      paramLabel = "NAMESPACE",
      split = ",",
      description =
          "Namespaces whose NetServices are looked after, the others are not even looked at; may be"
              + " repeated. Default: all.")
  private List<String> namespaces = List.of();

  /** Those that are listed, none for all. */
  public Set<String> listed() {
    Set<String> listed = new TreeSet<>();
    namespaces.stream().map(String::strip).filter(name -> !name.isEmpty()).forEach(listed::add);
    return listed;
  }
}
