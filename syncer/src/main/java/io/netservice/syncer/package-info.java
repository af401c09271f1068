/** The syncer: keeps what is published for NetServices in step with the pods. */
package io.netservice.syncer;
