/** What the syncer knows of the cluster, kept by watches. */
package io.netservice.syncer.watch;
