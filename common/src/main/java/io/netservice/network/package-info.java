/** Networks of pods: their names, addresses, and what Multus writes of them. */
package io.netservice.network;
