package io.netservice.syncer.migrate;

/** One thing to do; each but the waiting is a write or two that are harmless when repeated. */
enum Step {
  CREATE("create the new NetService"),
  AWAIT_SYNCER("wait until the syncer has seen it"),
  TAKE_OVER_ENDPOINTS("give it the Endpoints"),
  TAKE_OVER_SERVICE("give it the Service"),
  AWAIT_PUBLISHED("wait until the syncer publishes it"),
  DELETE_TEMPLATE("delete the -template Service and its Endpoints"),
  DELETE_OLD("delete the old NetService"),

  RESTORE_OLD("create the old NetService"),
  RESTORE_TEMPLATE("create the -template Service"),
  DELETE_NEW("delete the new NetService, and leave what it owns"),
  AWAIT_GONE("wait until it is gone"),
  GIVE_BACK_SERVICE("give the Service back"),
  GIVE_BACK_ENDPOINTS("give the Endpoints back"),
  AWAIT_MIRRORED("wait until there are EndpointSlices made of the Endpoints"),
  DELETE_SLICES("delete the syncer's EndpointSlices");

  private final String text;

  Step(String text) {
    this.text = text;
  }

  /** Whether it only looks. */
  boolean isWait() {
    return text.startsWith("wait");
  }

  @Override
  public String toString() {
    return text;
  }
}
