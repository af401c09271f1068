package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The zone of each node, from its label {@code topology.kubernetes.io/zone}. May be read from any
 * thread.
 */
final class Zones implements Item.Decoder<String>, Item.Sink<String> {

  private static final String LABEL = "topology.kubernetes.io/zone";
  private static final Set<String> NODE = Set.of("metadata");
  private static final Set<String> METADATA = Set.of("name", "resourceVersion", "labels");
  private static final Set<String> LABELS = Set.of(LABEL);

  private final Map<String, String> byNode = new ConcurrentHashMap<>();
  private final SharedStrings shared = new SharedStrings();
  private final Consumer<String> changed;

  /**
   * All Nodes that there were have been told; before, nothing is planned that they could change.
   */
  private boolean complete;

  /**
   * None known.
   *
   * @param changed is told the name of a Node that came, went, or has another zone after all have
   *     been told once, from the watch thread
   */
  Zones(Consumer<String> changed) {
    this.changed = changed;
  }

  /** The zone of {@code node}, {@code ""} if it has none; empty if there is no such Node. */
  Optional<String> of(String node) {
    return Optional.ofNullable(byNode.get(node));
  }

  /** How many Nodes there are. */
  int size() {
    return byNode.size();
  }

  @Override
  public Item<String> read(JsonParser json) throws IOException {
    String name = "";
    String version = "";
    String zone = "";
    while (Json.nextField(json, NODE)) {
      while (Json.nextField(json, METADATA)) {
        switch (json.currentName()) {
          case "name" -> name = shared.of(json);
          case "resourceVersion" -> version = json.getText();
          default -> {
            while (Json.nextField(json, LABELS)) {
              zone = shared.of(json);
            }
          }
        }
      }
    }
    return new Item<>(name, version, zone);
  }

  @Override
  public void put(String node, String zone) {
    if (!zone.equals(byNode.put(node, zone)) && complete) {
      changed.accept(node);
    }
  }

  @Override
  public void remove(String node, String zone) {
    if (byNode.remove(node) != null) {
      changed.accept(node);
    }
  }

  @Override
  public void complete(Set<String> nodes, String resourceVersion) {
    byNode.keySet().stream()
        .filter(node -> !nodes.contains(node))
        .forEach(node -> remove(node, ""));
    complete = true;
  }
}
