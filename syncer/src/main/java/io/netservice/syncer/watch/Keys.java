package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** Keys of objects: {@code namespace/name}. */
public final class Keys {

  private Keys() {}

  public static String of(HasMetadata object) {
    return of(object.getMetadata());
  }

  public static String of(ObjectMeta metadata) {
    return of(metadata.getNamespace(), metadata.getName());
  }

  public static String of(String namespace, String name) {
    return namespace + "/" + name;
  }

  public static String namespace(String key) {
    return key.substring(0, key.indexOf('/'));
  }

  public static String name(String key) {
    return key.substring(key.indexOf('/') + 1);
  }
}
