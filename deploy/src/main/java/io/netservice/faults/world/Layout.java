package io.netservice.faults.world;

/** Who runs, and what stands between syncers and API server. */
public enum Layout {
  /** One syncer that talks to the API server. */
  ALONE,
  /** The same, with an API server that now and then asks HTTP/2 clients to connect anew. */
  GOAWAY,
  /** One syncer, with toxiproxy in between. */
  TOXIPROXY,
  /** One syncer, with a proxy in between that knows HTTP. */
  HTTP_PROXY,
  /** Two syncers, one of which leads; each has a relay of its own. */
  PAIR,
  /** One syncer, and two webhooks that are asked for every NetService. */
  WEBHOOKS,
  /** As it is installed: two syncers, one of which leads, and two webhooks. */
  INSTALLED;

  /** Whether syncers have to hold a Lease to write. */
  public boolean elects() {
    return this == PAIR || this == INSTALLED;
  }

  /** Whether webhooks are asked for every NetService. */
  boolean asksWebhooks() {
    return this == WEBHOOKS || this == INSTALLED;
  }

  /** How many syncers there are. */
  int replicas() {
    return elects() ? 2 : 1;
  }
}
