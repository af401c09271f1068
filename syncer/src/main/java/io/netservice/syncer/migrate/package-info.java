/** {@code migrate}: the way from the proof of concept and its kin to NetServices, and back. */
package io.netservice.syncer.migrate;
