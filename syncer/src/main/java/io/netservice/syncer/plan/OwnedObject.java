package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/** What is published for a NetService beside its Service, in the few bytes that matter. */
public sealed interface OwnedObject permits SliceObject, EndpointsObject {

  /** {@code metadata}, without managedFields; not to be changed. */
  ObjectMeta metadata();

  /** {@code kind}. */
  String kind();

  /** How many endpoints are in it. */
  int size();

  /** The same object with other metadata. */
  OwnedObject with(ObjectMeta metadata);
}
