/** Tells people why a pod is or is not in a NetService, by the rules that the syncer goes by. */
package io.netservice.syncer.explain;
