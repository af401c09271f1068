/** Which of several syncers writes: leader election on a Lease. */
package io.netservice.syncer.leader;
