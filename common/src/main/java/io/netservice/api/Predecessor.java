package io.netservice.api;

import io.fabric8.kubernetes.api.model.OwnerReference;

/**
 * The NetService of the proof of concept (net-service-controller), whose place a NetService takes
 * when it is migrated.
 */
public final class Predecessor {

  public static final String GROUP = "svcctl.metaswitch.com";
  public static final String API_VERSION = GROUP + "/v1alpha1";
  public static final String KIND = "NetService";
  public static final String PLURAL = "netservices";

  /** What is behind the name of the Service that selects the pods. */
  public static final String TEMPLATE_SUFFIX = "-template";

  /**
   * The annotation of a NetService that takes the place of one, with what is needed to bring that
   * back.
   */
  public static final String MIGRATED_FROM = "netservice.cni.cncf.io/migrated-from";

  private Predecessor() {}

  /** Whether {@code owner} is the one that is named {@code name}. */
  public static boolean is(OwnerReference owner, String name) {
    return KIND.equals(owner.getKind())
        && owner.getApiVersion().startsWith(GROUP + "/")
        && name.equals(owner.getName());
  }
}
