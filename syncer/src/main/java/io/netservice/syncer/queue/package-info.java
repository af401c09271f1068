/** Which NetService is to be reconciled next. */
package io.netservice.syncer.queue;
