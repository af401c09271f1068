package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Follows one Lease, and tells who has it whenever that is news or the Lease was renewed. */
public final class LeaseWatch implements AutoCloseable {

  private static final Set<String> LEASE = Set.of("metadata", "spec");
  private static final Set<String> METADATA = Set.of("name", "resourceVersion");
  private static final Set<String> SPEC = Set.of("holderIdentity");

  private final CollectionWatch<String> watch;

  /**
   * Watches the Lease {@code namespace/name}, which need not exist, from {@link #start} on.
   *
   * @param connections carry the watch; owned by the caller
   * @param timer lets the watch come again when it ends; owned by the caller
   * @param holder told who has the Lease, {@code ""} for nobody, from a watch thread
   */
  public LeaseWatch(
      Connections connections,
      ScheduledExecutorService timer,
      String namespace,
      String name,
      Consumer<String> holder) {
    watch =
        new CollectionWatch<>(
            connections,
            timer,
            new CollectionWatch.Collection(
                "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases", "", name),
            new JsonFormat<>(LeaseWatch::read, JsonFormat.Content.ALL),
            new Sink(holder));
  }

  /** Begins. */
  public void start() {
    var unused = watch.start();
  }

  static Item<String> read(JsonParser json) throws IOException {
    String name = "";
    String version = "";
    String holder = "";
    while (Json.nextField(json, LEASE)) {
      if (json.currentName().equals("spec")) {
        while (Json.nextField(json, SPEC)) {
          holder = json.getValueAsString("");
        }
      } else {
        while (Json.nextField(json, METADATA)) {
          if (json.currentName().equals("name")) {
            name = json.getText();
          } else {
            version = json.getText();
          }
        }
      }
    }
    return new Item<>(name, version, holder);
  }

  @Override
  public void close() {
    watch.close();
  }

  private record Sink(Consumer<String> holder) implements Item.Sink<String> {
    @Override
    public void put(String name, String holder) {
      this.holder.accept(holder);
    }

    @Override
    public void remove(String name, String holder) {
      this.holder.accept("");
    }

    @Override
    public void complete(Set<String> names, String resourceVersion) {
      if (names.isEmpty()) {
        holder.accept("");
      }
    }
  }
}
