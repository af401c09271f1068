package io.netservice.bench.report;

/** What is measured; of each of them less is better. */
public enum Metric {
  SLICES_P50("slices p50", Unit.MILLISECONDS),
  SLICES_P90("slices p90", Unit.MILLISECONDS),
  SLICES_P99("slices p99", Unit.MILLISECONDS),
  SLICES_MAX("slices max", Unit.MILLISECONDS),
  ENDPOINTS_P50("Endpoints p50", Unit.MILLISECONDS),
  ENDPOINTS_P90("Endpoints p90", Unit.MILLISECONDS),
  ENDPOINTS_P99("Endpoints p99", Unit.MILLISECONDS),
  ENDPOINTS_MAX("Endpoints max", Unit.MILLISECONDS),
  SLICES_LAG("lag of slices", Unit.MILLISECONDS),
  ENDPOINTS_LAG("lag of Endpoints", Unit.MILLISECONDS),
  SLICES_TIME("time until slices are right", Unit.SECONDS),
  ENDPOINTS_TIME("time until Endpoints are right", Unit.SECONDS),
  REQUEST_P50("answer p50", Unit.MILLISECONDS),
  REQUEST_P90("answer p90", Unit.MILLISECONDS),
  REQUEST_P99("answer p99", Unit.MILLISECONDS),
  REQUEST_MAX("answer max", Unit.MILLISECONDS),
  READY_TIME("start until ready", Unit.SECONDS),
  SLICES_WRITES("writes of slices", Unit.COUNT),
  ENDPOINTS_WRITES("writes of Endpoints", Unit.COUNT),
  CPU("CPU", Unit.SECONDS),
  MEMORY_PEAK("memory, peak", Unit.MEGABYTES),
  MEMORY("memory, settled", Unit.MEGABYTES),
  MEMORY_OVER_IDLE("memory over idle", Unit.MEGABYTES),
  THREADS("threads", Unit.COUNT),
  CONNECTIONS("connections", Unit.COUNT),
  LIVE_HEAP_PER_POD("live heap per pod", Unit.BYTES);

  private final String label;
  private final Unit unit;

  Metric(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** What a person calls it. */
  public String label() {
    return label;
  }

  public Unit unit() {
    return unit;
  }
}
