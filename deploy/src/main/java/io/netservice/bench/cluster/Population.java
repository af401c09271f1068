package io.netservice.bench.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All pods of a scenario: groups whose pods are numbered on from one to the next. */
public record Population(List<Group> groups) {

  public Population {
    groups = List.copyOf(groups);
    int next = 0;
    for (Group group : groups) {
      if (group.first() != next) {
        throw new IllegalArgumentException(
            "%s begins with pod %d: %d was next".formatted(group.key(), group.first(), next));
      }
      next += group.size();
    }
    if (next > Network.MAX_PODS) {
      throw new IllegalArgumentException(next + " pods: at most " + Network.MAX_PODS);
    }
  }

  /** No pods at all. */
  public static Population none() {
    return new Population(List.of());
  }

  /**
   * Equal groups.
   *
   * @param count how many
   * @param size pods in each
   * @param perNamespace how many share a namespace
   */
  public static Population of(int count, int size, int perNamespace) {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      groups.add(new Group("bench-" + i / perNamespace, "web-" + i, i * size, size));
    }
    return new Population(groups);
  }

  /** These groups and one more behind them. */
  public Population and(String name, int size) {
    List<Group> all = new ArrayList<>(groups);
    all.add(new Group("bench-" + name, name, pods(), size));
    return new Population(all);
  }

  /** How many pods there are. */
  public int pods() {
    return groups.isEmpty() ? 0 : last().first() + last().size();
  }

  /** The group that was added last. */
  public Group last() {
    return groups.get(groups.size() - 1);
  }

  /** The namespaces, each once, in order. */
  public List<String> namespaces() {
    return groups.stream().map(Group::namespace).distinct().toList();
  }

  /** The number of the group of each pod. */
  public int[] groupOfPods() {
    int[] result = new int[pods()];
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      Arrays.fill(result, group.first(), group.first() + group.size(), i);
    }
    return result;
  }
}
