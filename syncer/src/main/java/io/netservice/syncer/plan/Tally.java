package io.netservice.syncer.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many endpoints a plan publishes, by state, and how many pods it skips, by reason. Tallies of
 * several NetServices can be added up.
 */
public final class Tally {

  /** Of a plan that publishes nothing. */
  public static final Tally NONE = new Tally(new int[0], new int[0]);

  private static final List<String> STATES = List.of("ready", "not_ready", "terminating");
  private static final int READY = 0;
  private static final int NOT_READY = 1;
  private static final int TERMINATING = 2;

  private static final List<Class<? extends SkipReason>> REASONS =
      List.of(
          SkipReason.NoNetworkStatus.class,
          SkipReason.Malformed.class,
          SkipReason.NotAttached.class,
          SkipReason.OtherInterface.class,
          SkipReason.NoAddress.class,
          SkipReason.Refused.class,
          SkipReason.OtherFamily.class,
          SkipReason.Duplicate.class);
  private static final List<String> REASON_NAMES = REASONS.stream().map(Tally::name).toList();

  /** As {@link #STATES} and {@link #REASONS}, or shorter. */
  private final int[] endpoints;

  private final int[] skipped;

  private Tally(int[] endpoints, int[] skipped) {
    this.endpoints = endpoints;
    this.skipped = skipped;
  }

  static Tally of(Selection selection) {
    int[] endpoints = new int[STATES.size()];
    for (PublishedEndpoint endpoint : selection.endpoints()) {
      endpoints[endpoint.ready() ? READY : endpoint.isTerminating() ? TERMINATING : NOT_READY]++;
    }
    if (selection.skipped().isEmpty()) {
      return new Tally(endpoints, NONE.skipped);
    }
    int[] skipped = new int[REASONS.size()];
    selection
        .skipped()
        .values()
        .forEach(pod -> pod.skipped().ifPresent(why -> skipped[REASONS.indexOf(why.getClass())]++));
    return new Tally(endpoints, skipped);
  }

  /** The sum of {@code all}. */
  public static Tally sum(Stream<Tally> all) {
    int[] endpoints = new int[STATES.size()];
    int[] skipped = new int[REASONS.size()];
    all.forEach(
        each -> {
          add(endpoints, each.endpoints);
          add(skipped, each.skipped);
        });
    return new Tally(endpoints, skipped);
  }

  private static void add(int[] sum, int[] more) {
    for (int i = 0; i < more.length; i++) {
      sum[i] += more[i];
    }
  }

  /** How many endpoints there are of each state. */
  public Map<String, Integer> endpoints() {
    return named(STATES, endpoints);
  }

  /** How many pods are skipped for each reason. */
  public Map<String, Integer> skipped() {
    return named(REASON_NAMES, skipped);
  }

  private static Map<String, Integer> named(List<String> names, int[] counts) {
    Map<String, Integer> named = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), i < counts.length ? counts[i] : 0);
    }
    return named;
  }

  /** {@code NotAttached} is {@code not_attached}. */
  private static String name(Class<? extends SkipReason> reason) {
    return Arrays.stream(reason.getSimpleName().split("(?=[A-Z])"))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("_"));
  }
}
