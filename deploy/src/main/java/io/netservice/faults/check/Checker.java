package io.netservice.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.bench.cluster.Api;
import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Https;
import io.netservice.faults.load.Claims;
import io.netservice.faults.load.Site;
import io.netservice.faults.load.Workload.Marker;
import io.netservice.faults.world.Admin;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A client of what is published, and of the pods, with connections of its own straight to the API
 * server. It knows at any moment what should be published, and counts what should never be seen.
 *
 * <p>May be used from any thread.
 */
public final class Checker implements AutoCloseable {

  /** Watches of pods and of slices are not in step with each other: by so much at most. */
  private static final long SKEW_NANOS = Duration.ofSeconds(2).toNanos();

  /** So long an address may still be published after it should not be, while nothing is wrong. */
  private static final long AGE_NANOS = Duration.ofSeconds(5).toNanos();

  private static final long SWEEP_MILLIS = 500;

  /** How much of what was counted is told in words. */
  private static final int TOLD = 20;

  private record Place(Site site, Model.Kind kind, String address) {
    @Override
    public String toString() {
      return site.key() + " in " + kind.name().toLowerCase(java.util.Locale.ROOT) + ": " + address;
    }
  }

  /** An address that vanished although it should have stayed, to be judged a moment later. */
  private record Vanished(Place place, long dueSince, long at) {}

  /**
   * An address that was published again, to be judged a moment later: what makes it right may come
   * by another watch.
   */
  private record Reappeared(Place place, long at) {}

  private final Admin admin;
  private final Claims claims;
  private final Model model = new Model();
  private final Map<Place, Long> dueSince = new HashMap<>();
  private final Map<Place, Long> leftAt = new HashMap<>();
  private final Map<Place, Set<String>> shown = new HashMap<>();
  private final Set<Place> overdue = new HashSet<>();
  private final List<Vanished> vanished = new ArrayList<>();
  private final List<Reappeared> reappeared = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<Follow> follows = new ArrayList<>();
  private final Thread sweeper = new Thread(this::sweep, "checker");
  private int wrong;
  private int stale;
  private int withdrawn;
  private List<Difference> differences = List.of(new Difference(Difference.What.MISSING, "all"));
  private long rightSince;
  private boolean calm = true;
  private boolean kept = true;
  private volatile boolean closed;

  private Checker(Admin admin, Claims claims) {
    this.admin = admin;
    this.claims = claims;
  }

  /**
   * Starts to look.
   *
   * @param authority the certificates by which the API server is known
   */
  public static Checker open(Admin admin, Api api, Path authority, Claims claims) {
    Checker checker = new Checker(admin, claims);
    try {
      HttpClient http = Https.client(authority);
      Model model = checker.model;
      checker.follow(http, api, "/api/v1/pods", model::clearPods, model::putPod, model::removePod);
      checker.follow(
          http, api, "/api/v1/nodes", model::clearNodes, model::putNode, model::removeNode);
      checker.follow(
          http,
          api,
          "/api/v1/services",
          model::clearServices,
          model::putService,
          model::removeService);
      checker.follow(http, api, "/apis/discovery.k8s.io/v1/endpointslices", Model.Kind.SLICES);
      checker.follow(http, api, "/api/v1/endpoints", Model.Kind.ENDPOINTS);
    } catch (IOException | GeneralSecurityException e) {
      throw new BenchException("what is published can't be watched: " + e, e);
    }
    checker.sweeper.setDaemon(true);
    checker.sweeper.start();
    return checker;
  }

  /** What has been counted so far; waits for what is still to be judged stale or not. */
  public synchronized Tally tally() throws InterruptedException {
    while (!reappeared.isEmpty() && sweeper.isAlive()) {
      wait(SWEEP_MILLIS);
    }
    return new Tally(wrong, stale, withdrawn, List.copyOf(told));
  }

  /**
   * Counts.
   *
   * @param wrong addresses that were published and never were of a pod there
   * @param stale addresses that were published again, or still after 5 s, though no more of a pod
   * @param withdrawn addresses that vanished although a pod had them all the time
   * @param told the last of them in words
   */
  public record Tally(int wrong, int stale, int withdrawn, List<String> told) {

    /** What has been counted since {@code earlier}. */
    public Tally since(Tally earlier) {
      return new Tally(
          wrong - earlier.wrong, stale - earlier.stale, withdrawn - earlier.withdrawn, told);
    }
  }

  /**
   * Says what goes on.
   *
   * @param isCalm whether nothing stands in the way, so that nothing stale may be seen
   * @param isKept whether what is right must stay published; not while somebody deletes it
   */
  public synchronized void expect(boolean isCalm, boolean isKept) {
    calm = isCalm;
    kept = isKept;
    if (calm) {
      // Counted from now on.
      long now = System.nanoTime();
      leftAt.replaceAll((place, left) -> shown.containsKey(place) ? Long.valueOf(now) : left);
      overdue.clear();
    }
    if (!kept) {
      vanished.clear();
    }
  }

  /**
   * Waits until all that is published is right and shows the markers; gives the moment at which the
   * event arrived that made it so, as {@link System#nanoTime}, empty if it takes longer.
   */
  public synchronized OptionalLong awaitRight(Collection<Marker> markers, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!differences.isEmpty() || !markers.stream().allMatch(this::isDue)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return OptionalLong.empty();
      }
      wait(left / 1_000_000 + 1);
    }
    return OptionalLong.of(rightSince);
  }

  /** What the watches say that is not right now. */
  public synchronized List<Difference> differences() {
    return List.copyOf(differences);
  }

  /** What is not right by reading all there is: call it while nothing changes. */
  public List<Difference> read() {
    Model now = new Model();
    each("/api/v1/pods", now::putPod);
    each("/api/v1/nodes", now::putNode);
    each("/api/v1/services", now::putService);
    each("/apis/discovery.k8s.io/v1/endpointslices", slice -> now.put(Model.Kind.SLICES, slice));
    each("/api/v1/endpoints", object -> now.put(Model.Kind.ENDPOINTS, object));
    return now.differences(Site.ALL);
  }

  @Override
  public void close() {
    closed = true;
    follows.forEach(Follow::close);
    sweeper.interrupt();
  }

  private void each(String path, Consumer<JsonNode> taker) {
    Admin.insist(() -> admin.get(path))
        .orElseThrow(() -> new BenchException(path + " is not there"))
        .path("items")
        .forEach(taker);
  }

  private void follow(HttpClient http, Api api, String path, Model.Kind kind) {
    follow(
        http,
        api,
        path,
        () -> model.clear(kind),
        object -> model.put(kind, object),
        object -> model.remove(kind, object));
  }

  private void follow(
      HttpClient http,
      Api api,
      String path,
      Runnable clear,
      Consumer<JsonNode> put,
      Consumer<JsonNode> remove) {
    follows.add(
        new Follow(
            http,
            api,
            path,
            new Follow.Sink() {
              @Override
              public void replace(List<JsonNode> items) {
                synchronized (Checker.this) {
                  clear.run();
                  items.forEach(put);
                  changed();
                }
              }

              @Override
              public void put(JsonNode item) {
                synchronized (Checker.this) {
                  put.accept(item);
                  changed();
                }
              }

              @Override
              public void remove(JsonNode item) {
                synchronized (Checker.this) {
                  remove.accept(item);
                  changed();
                }
              }
            }));
  }

  private boolean isDue(Marker marker) {
    return model.due(marker.site(), Model.Kind.ENDPOINTS).containsKey(marker.address());
  }

  /** Compares what is known now with what was known before the last event. */
  private void changed() {
    long now = System.nanoTime();
    for (Site site : Site.ALL) {
      for (Model.Kind kind : Model.Kind.values()) {
        noteDue(site, kind, now);
        noteShown(site, kind, now);
      }
    }
    differences = model.differences(Site.ALL);
    if (differences.isEmpty()) {
      rightSince = now;
    }
    notifyAll();
  }

  private void noteDue(Site site, Model.Kind kind, long now) {
    Set<String> due = model.due(site, kind).keySet();
    for (String address : due) {
      Place place = new Place(site, kind, address);
      if (dueSince.putIfAbsent(place, now) == null) {
        reappeared.removeIf(each -> each.place.equals(place));
      }
      leftAt.remove(place);
    }
    for (Iterator<Place> known = dueSince.keySet().iterator(); known.hasNext(); ) {
      Place place = known.next();
      if (place.site.equals(site) && place.kind == kind && !due.contains(place.address)) {
        known.remove();
        leftAt.put(place, now);
      }
    }
  }

  private void noteShown(Site site, Model.Kind kind, long now) {
    Map<Place, Set<String>> present = new HashMap<>();
    for (Shown.Address each : model.published(site, kind)) {
      present
          .computeIfAbsent(new Place(site, kind, each.address()), any -> new HashSet<>())
          .add(each.pod());
    }
    present.forEach(
        (place, pods) -> {
          Set<String> before = shown.getOrDefault(place, Set.of());
          for (String pod : pods) {
            if (!before.contains(pod) && !claims.holds(site, place.address, pod)) {
              wrong++;
              tell("wrong: " + place + " of pod '" + pod + "'");
            }
          }
          Long left = leftAt.get(place);
          if (before.isEmpty() && calm && left != null && now - left > SKEW_NANOS) {
            reappeared.add(new Reappeared(place, now));
          }
        });
    for (Iterator<Place> known = shown.keySet().iterator(); known.hasNext(); ) {
      Place place = known.next();
      if (place.site.equals(site) && place.kind == kind && !present.containsKey(place)) {
        known.remove();
        overdue.remove(place);
        Long since = dueSince.get(place);
        if (kept && since != null && now - since > SKEW_NANOS) {
          vanished.add(new Vanished(place, since, now));
        }
      }
    }
    shown.putAll(present);
  }

  /** Looks twice a second at what only time tells. */
  private void sweep() {
    while (!closed) {
      try {
        Thread.sleep(SWEEP_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      synchronized (this) {
        long now = System.nanoTime();
        for (Place place : shown.keySet()) {
          Long left = leftAt.get(place);
          if (calm && left != null && now - left > AGE_NANOS && overdue.add(place)) {
            stale++;
            tell("stale: " + place);
          }
        }
        for (Reappeared one : ripe(reappeared, Reappeared::at, now)) {
          stale++;
          tell("stale again: " + one.place);
        }
        for (Vanished one : ripe(vanished, Vanished::at, now)) {
          if (Long.valueOf(one.dueSince).equals(dueSince.get(one.place))) {
            withdrawn++;
            tell("withdrawn: " + one.place);
          }
        }
      }
    }
  }

  /** Takes out of {@code pending} what has waited long enough to be judged. */
  private static <T> List<T> ripe(List<T> pending, ToLongFunction<T> at, long now) {
    List<T> ripe =
        pending.stream().filter(each -> now - at.applyAsLong(each) > SKEW_NANOS).toList();
    pending.removeAll(ripe);
    return ripe;
  }

  private void tell(String what) {
    told.add(what);
    if (told.size() > TOLD) {
      told.remove(0);
    }
  }
}
