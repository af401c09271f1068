package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import io.netservice.network.NetworkName;
import io.netservice.syncer.watch.CollectionWatch.Collection;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which NetworkAttachmentDefinitions there are. Of each its name is kept and nothing else. Where a
 * cluster has no such kind, or the syncer may not read it, nothing is known of any network. May be
 * read from any thread.
 */
final class Networks implements Item.Decoder<NetworkName>, Item.Sink<NetworkName> {

  private static final Logger log = LoggerFactory.getLogger(Networks.class);

  private static final Set<String> OBJECT = Set.of("metadata");
  private static final Set<String> METADATA = Set.of("namespace", "name", "resourceVersion");

  private final Set<NetworkName> present = ConcurrentHashMap.newKeySet();
  private final SharedStrings shared = new SharedStrings();
  private final Consumer<NetworkName> changed;
  private final Runnable allChanged;
  private volatile boolean known;
  private boolean told;

  /**
   * Nothing known.
   *
   * @param changed is told a network that came or went, from the watch thread
   * @param allChanged is told that networks are known from now on, or no longer, from the same
   *     thread
   */
  Networks(Consumer<NetworkName> changed, Runnable allChanged) {
    this.changed = changed;
    this.allChanged = allChanged;
  }

  /** What is watched of a part of a {@link Scope}. */
  static Collection collection(String part) {
    return Scope.collection(part, "/apis/k8s.cni.cncf.io/v1", "network-attachment-definitions", "");
  }

  /** Whether it is known that there is no such network. */
  boolean isMissing(NetworkName network) {
    return known && !present.contains(network);
  }

  /** How many networks are known. */
  int size() {
    return present.size();
  }

  @Override
  public Item<NetworkName> read(JsonParser json) throws IOException {
    String namespace = "";
    String name = "";
    String version = "";
    while (Json.nextField(json, OBJECT)) {
      while (Json.nextField(json, METADATA)) {
        switch (json.currentName()) {
          case "namespace" -> namespace = shared.of(json);
          case "name" -> name = json.getText();
          default -> version = json.getText();
        }
      }
    }
    return new Item<>(Keys.of(namespace, name), version, new NetworkName(namespace, name));
  }

  @Override
  public void put(String key, NetworkName network) {
    if (present.add(network) && known) {
      changed.accept(network);
    }
  }

  @Override
  public void remove(String key, NetworkName network) {
    if (present.remove(network) && known) {
      changed.accept(network);
    }
  }

  @Override
  public void complete(Set<String> keys, String resourceVersion) {
    for (NetworkName network : Set.copyOf(present)) {
      if (!keys.contains(network.toString())) {
        remove(network.toString(), network);
      }
    }
    if (!known) {
      known = true;
      told = false;
      allChanged.run();
    }
  }

  @Override
  public boolean unavailable(int code) {
    if (!told) {
      log.info(
          "NetworkAttachmentDefinitions can't be read ({}): networks that are missing go unnoticed",
          code);
      told = true;
    }
    if (known) {
      known = false;
      present.clear();
      allChanged.run();
    }
    return true;
  }
}
