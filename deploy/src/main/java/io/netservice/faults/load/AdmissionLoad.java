package io.netservice.faults.load;

import io.netservice.bench.cluster.Answer;
import io.netservice.bench.cluster.Api;
import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.SteadyRate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that create NetServices at a fixed rate, as dry runs: the API server asks the webhooks
 * for each and stores none. What failed for want of a webhook is counted; what failed because the
 * API server was away is not.
 */
public final class AdmissionLoad {

  /** So many requests a second are a lot. */
  public static final int FAST = 200;

  /** Connections; each has one request under way. */
  private static final int CLIENTS = 16;

  private static final String PATH =
      "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/"
          + Site.NAMESPACES.get(0)
          + "/netservices?dryRun=All";

  /** A network by its bare name, which the webhook completes. */
  private static final byte[] BODY =
      """
      {"apiVersion":"netservice.cni.cncf.io/v1alpha1","kind":"NetService",
      "metadata":{"name":"never-stored"},
      "spec":{"netAttachDef":"core","selector":{"app":"never"}}}"""
          .getBytes(StandardCharsets.UTF_8);

  private static final String COMPLETED =
      "\"netAttachDef\":\"" + Site.NAMESPACES.get(0) + "/core\"";

  private final Api api;
  private final int perSecond;
  private final AtomicInteger admitted = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private SteadyRate rate;

  /** A load that does not run yet. */
  public AdmissionLoad(Api api, int perSecond) {
    this.api = api;
    this.perSecond = perSecond;
  }

  /** Begins. */
  public AdmissionLoad start() {
    rate = SteadyRate.start(CLIENTS, perSecond, this::send);
    return this;
  }

  /** Ends; what is under way is waited for. */
  public AdmissionLoad end() throws InterruptedException {
    rate.end();
    return this;
  }

  /** How many requests were admitted. */
  public int admitted() {
    return admitted.get();
  }

  /** What failed for want of a webhook, in words. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Creates one; whether it was admitted. */
  public static boolean isAdmitted(Api api) {
    try {
      Answer answer = api.ask("POST", PATH, "application/json", BODY);
      return answer.status() == 201 && answer.body().contains(COMPLETED);
    } catch (BenchException e) {
      return false;
    }
  }

  private void send() {
    try {
      Answer answer = api.ask("POST", PATH, "application/json", BODY);
      if (answer.status() == 201 && answer.body().contains(COMPLETED)) {
        admitted.incrementAndGet();
      } else if (answer.status() == 201) {
        failures.add("admitted past the webhook: " + answer.body());
      } else if (answer.body().contains("webhook")) {
        failures.add(answer.status() + " " + answer.body());
      }
    } catch (BenchException e) {
      // The API server is away.
    }
  }
}
