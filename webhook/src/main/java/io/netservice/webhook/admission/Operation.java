package io.netservice.webhook.admission;

/** What is done to an object. */
enum Operation {
  CREATE,
  UPDATE,
  DELETE,
  CONNECT;

  /** Whether an object comes with the request that is to be stored. */
  boolean stores() {
    return this == CREATE || this == UPDATE;
  }
}
