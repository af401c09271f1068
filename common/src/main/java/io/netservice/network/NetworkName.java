package io.netservice.network;

import java.util.Objects;

/**
 * The name of a NetworkAttachmentDefinition.
 *
 * @param namespace its namespace
 * @param name its name within the namespace
 */
public record NetworkName(String namespace, String name) {

  public NetworkName {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
  }

  /**
   * Reads {@code name} or {@code namespace/name}; a bare name belongs to {@code defaultNamespace}.
   *
   * @throws IllegalArgumentException if a part is empty or there is more than one slash
   */
  public static NetworkName parse(String text, String defaultNamespace) {
    int slash = text.indexOf('/');
    String namespace = slash < 0 ? defaultNamespace : text.substring(0, slash);
    String name = text.substring(slash + 1);
    if (namespace.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "network \"" + text + "\": must be a name or namespace/name");
    }
    return new NetworkName(namespace, name);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
