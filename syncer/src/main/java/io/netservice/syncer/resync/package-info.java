/** Looks whether the caches are right, and puts them right: a net below the watches. */
package io.netservice.syncer.resync;
