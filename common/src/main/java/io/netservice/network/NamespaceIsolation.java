package io.netservice.network;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which networks a namespace may name, as Multus has it with {@code namespaceIsolation} and {@code
 * globalNamespaces}: those of its own and of the global ones.
 */
public final class NamespaceIsolation {

  private static final NamespaceIsolation OFF = new NamespaceIsolation(false, Set.of());

  private final boolean on;
  private final Set<String> global;

  private NamespaceIsolation(boolean on, Set<String> global) {
    this.on = on;
    this.global = global;
  }

  /** All networks, from everywhere. */
  public static NamespaceIsolation off() {
    return OFF;
  }

  /**
   * What the two options say.
   *
   * @param on the value of {@code --namespace-isolation}
   * @param global the value of {@code --global-namespaces}
   */
  public static NamespaceIsolation of(boolean on, Collection<String> global) {
    Set<String> names = new TreeSet<>();
    global.stream().map(String::strip).filter(name -> !name.isEmpty()).forEach(names::add);
    return on ? new NamespaceIsolation(true, names) : OFF;
  }

  /** Why {@code namespace} may not name {@code network}, for a person to read; empty if it may. */
  public Optional<String> refusal(NetworkName network, String namespace) {
    if (!on || network.namespace().equals(namespace) || global.contains(network.namespace())) {
      return Optional.empty();
    }
    return Optional.of(
        "networks are isolated by namespace: must be one of namespace "
            + namespace
            + (global.isEmpty() ? "" : " or of " + String.join(", ", global)));
  }
}
