package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Optional;

/**
 * An object as a watch told it.
 *
 * @param metadata without managedFields
 * @param object empty if the watch tells metadata alone: then it is not known what else changed
 */
record Seen<T>(ObjectMeta metadata, Optional<T> object) {}
