/** Carries plans out. */
package io.netservice.syncer.apply;
