package io.netservice.syncer.plan;

/** The pod behind an address. */
public record PodRef(String namespace, String name, String uid) {

  /** As generated, but compiled well by a JVM that keeps to its quick compiler. */
  @Override
  public boolean equals(Object object) {
    return this == object
        || (object instanceof PodRef other
            && name.equals(other.name)
            && uid.equals(other.uid)
            && namespace.equals(other.namespace));
  }

  @Override
  public int hashCode() {
    return uid.hashCode();
  }
}
