package io.netservice.faults.load;

import io.netservice.bench.cluster.BenchException;
import io.netservice.faults.world.Admin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * NetServices and pods that keep changing: readiness, addresses, labels, deletions at once and with
 * a grace. What to change next comes from a seed. A change that the API server does not take is
 * given up; what came of it is for others to see.
 *
 * <p>{@link #pause}, {@link #resume} and the like may be called from any thread.
 */
public final class Workload implements AutoCloseable {

  /** How many Nodes the pods are spread over. */
  public static final int NODES = 4;

  private static final int LEAST = 4;
  private static final int MOST = 9;

  /** An address that was set to show that the way is open again. */
  public record Marker(Site site, String address) {}

  /** The pods with one label of a namespace. */
  private static final class Group {
    final String namespace;
    final String app;
    final List<Member> members = new ArrayList<>();

    Group(String namespace, String app) {
      this.namespace = namespace;
      this.app = app;
    }
  }

  /** A pod, as far as it is known. */
  private static final class Member {
    final String name;

    /** The addresses it was last to have. */
    int number;

    /** All that it may have: no answer said of some whether it got them. */
    final Set<Integer> numbers = new HashSet<>();

    boolean ready = true;
    boolean ending;

    /** It was to get another label, and no answer said whether it did. */
    boolean astray;

    Member(String name, int number) {
      this.name = name;
      this.number = number;
      numbers.add(number);
    }
  }

  private final Admin admin;
  private final Claims claims;
  private final Random random;
  private final Duration pace;
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger changes = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "workload");

  /** Held while a change is made. */
  private final Object turn = new Object();

  private volatile boolean paused = true;
  private volatile boolean closed;

  /**
   * A workload that does not begin yet.
   *
   * @param pace the time from one change to the next
   */
  public Workload(Admin admin, Claims claims, long seed, Duration pace) {
    this.admin = admin;
    this.claims = claims;
    this.random = new Random(seed);
    this.pace = pace;
    for (Site site : Site.ALL) {
      groups.computeIfAbsent(
          site.namespace() + "/" + site.app(), any -> new Group(site.namespace(), site.app()));
    }
    thread.setDaemon(true);
  }

  /** Makes nodes, namespaces, NetServices and pods; changes begin with {@link #resume}. */
  public void start() {
    for (int i = 1; i <= NODES; i++) {
      node(i);
    }
    Site.NAMESPACES.forEach(this::build);
    thread.start();
  }

  /** Makes Node number {@code i}, from 1. */
  public void node(int i) {
    insist(
        () ->
            admin.create(
                "/api/v1/nodes",
                """
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-%1$d","labels":{
                "topology.kubernetes.io/zone":"zone-%2$d"}}}"""
                    .formatted(i, i % 2)));
  }

  /** Makes a namespace with all that is in it. */
  public void build(String namespace) {
    synchronized (turn) {
      insist(
          () ->
              admin.create(
                  "/api/v1/namespaces",
                  "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
                      .formatted(namespace)));
      publish(namespace);
      for (Group group : groups.values()) {
        if (group.namespace.equals(namespace)) {
          group.members.clear();
          for (int i = 0; i < LEAST + 2; i++) {
            insist(() -> add(group, numbers.incrementAndGet()));
          }
        }
      }
    }
  }

  /** Makes the NetServices of a namespace that are not there. */
  public void publish(String namespace) {
    for (Site site : Site.ALL) {
      if (site.namespace().equals(namespace)) {
        insist(() -> admin.create(site.collection(), site.body()));
      }
    }
  }

  /** Changes go on. */
  public void resume() {
    paused = false;
    LockSupport.unpark(thread);
  }

  /** No change begins after this, and the last has ended. */
  public void pause() {
    paused = true;
    synchronized (turn) {
      return;
    }
  }

  /** How many changes have been made. */
  public int changes() {
    return changes.get();
  }

  /** Gives one pod that each NetService selects another address, and says which it is. */
  public List<Marker> mark() {
    List<Marker> markers = new ArrayList<>();
    synchronized (turn) {
      for (Group group : groups.values()) {
        int number = numbers.incrementAndGet();
        insist(
            () -> {
              Member member = anyStaying(group);
              boolean found =
                  (!member.astray || putBack(group, member)) && readdress(group, member, number);
              return found || replaceLost(group, member);
            });
        for (Site site : Site.ALL) {
          if (site.selects(group.namespace, group.app)) {
            site.families().stream()
                .map(family -> new Marker(site, site.net().address(family, number)))
                .forEach(markers::add);
          }
        }
      }
    }
    return markers;
  }

  /** Ends all pods of a namespace at once. */
  public void removePods(String namespace) {
    synchronized (turn) {
      for (Group group : groups.values()) {
        if (group.namespace.equals(namespace)) {
          group.members.forEach(member -> admin.deleteNow(path(group, member)));
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    long next = System.nanoTime();
    while (!closed) {
      if (paused) {
        LockSupport.park();
        next = System.nanoTime();
        continue;
      }
      synchronized (turn) {
        if (!paused) {
          try {
            change();
            changes.incrementAndGet();
          } catch (BenchException e) {
            // The API server was away, or what the change is for: a fault may do that.
          }
        }
      }
      next = Math.max(next + pace.toNanos(), System.nanoTime() - pace.toNanos());
      for (long left = next - System.nanoTime();
          left > 0 && !closed;
          left = next - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  private void change() {
    Group group = any(List.copyOf(groups.values()));
    int dice = random.nextInt(100);
    if (group.members.size() < LEAST) {
      add(group, numbers.incrementAndGet());
      return;
    }
    Member member = any(group.members);
    if (member.ending) {
      end(group, member);
    } else if (member.astray) {
      found(group, member, putBack(group, member));
    } else if (dice < 35) {
      boolean ready = !member.ready;
      if (found(
          group,
          member,
          admin.patch(path(group, member) + "/status", PodBodies.status(ready, member.number)))) {
        member.ready = ready;
      }
    } else if (dice < 60) {
      found(group, member, readdress(group, member, numbers.incrementAndGet()));
    } else if (dice < 65) {
      found(
          group,
          member,
          admin.patch(path(group, member) + "/status", PodBodies.network(OptionalInt.empty())));
    } else if (dice < 70) {
      move(group, member);
    } else if (dice < 80) {
      // Known before it is done: the answer may be lost.
      member.ending = true;
      found(group, member, admin.delete(path(group, member)));
    } else if (dice < 90 || group.members.size() > MOST) {
      replace(group, member);
    } else {
      add(group, numbers.incrementAndGet());
    }
  }

  /** Another pod takes the place, and half of the time the address too, as IPAM may do. */
  private void replace(Group group, Member member) {
    end(group, member);
    if (group.members.size() < MOST) {
      add(group, random.nextBoolean() ? member.number : numbers.incrementAndGet());
    }
  }

  private void end(Group group, Member member) {
    admin.deleteNow(path(group, member));
    group.members.remove(member);
  }

  /** The pod gets the label of another group of its namespace, if there is one. */
  private void move(Group group, Member member) {
    List<Group> others =
        groups.values().stream()
            .filter(other -> other != group && other.namespace.equals(group.namespace))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    Group other = any(others);
    member.numbers.forEach(number -> claims.add(other.namespace, other.app, member.name, number));
    member.astray = true;
    if (found(group, member, admin.patch(path(group, member), PodBodies.label(other.app)))) {
      group.members.remove(member);
      other.members.add(member);
      member.astray = false;
    }
  }

  private boolean putBack(Group group, Member member) {
    boolean found = admin.patch(path(group, member), PodBodies.label(group.app));
    member.astray = false;
    return found;
  }

  private boolean add(Group group, int number) {
    Member member = new Member("%s-%05d".formatted(group.app, numbers.incrementAndGet()), number);
    claims.add(group.namespace, group.app, member.name, number);
    // Known before it is made: the answer may be lost.
    group.members.add(member);
    String node = "node-" + (1 + random.nextInt(NODES));
    admin.create(
        "/api/v1/namespaces/" + group.namespace + "/pods",
        PodBodies.pod(group.namespace, member.name, group.app, node));
    String status = path(group, member) + "/status";
    return admin.patch(status, PodBodies.network(OptionalInt.of(number)))
        && admin.patch(status, PodBodies.status(true, number));
  }

  private boolean readdress(Group group, Member member, int number) {
    claims.add(group.namespace, group.app, member.name, number);
    member.number = number;
    member.numbers.add(number);
    boolean found =
        admin.patch(path(group, member) + "/status", PodBodies.network(OptionalInt.of(number)));
    member.numbers.retainAll(Set.of(number));
    return found;
  }

  private Member anyStaying(Group group) {
    List<Member> staying = group.members.stream().filter(member -> !member.ending).toList();
    if (staying.isEmpty()) {
      add(group, numbers.incrementAndGet());
      return group.members.get(group.members.size() - 1);
    }
    return any(staying);
  }

  /** A pod that is not there is forgotten; the caller tries another. */
  private static boolean replaceLost(Group group, Member member) {
    group.members.remove(member);
    throw new BenchException("pod " + member.name + " is not there");
  }

  private static boolean found(Group group, Member member, boolean found) {
    if (!found) {
      group.members.remove(member);
    }
    return found;
  }

  private static String path(Group group, Member member) {
    return "/api/v1/namespaces/" + group.namespace + "/pods/" + member.name;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static void insist(Supplier<Boolean> work) {
    Admin.insist(work);
  }
}
