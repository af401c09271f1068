/** What the syncer counts and shows to Prometheus. */
package io.netservice.syncer.metrics;
