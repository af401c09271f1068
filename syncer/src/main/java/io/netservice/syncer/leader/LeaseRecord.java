package io.netservice.syncer.leader;

/**
 * What a Lease says.
 *
 * @param holder who has it, empty if nobody
 * @param durationSeconds how long its holder wants to be left alone after a renewal
 * @param acquireTime when its holder got it, by his clock; for people to read
 * @param renewTime when it was renewed, by its holder's clock; for people to read
 * @param transitions how often it went from one holder to another
 * @param resourceVersion changes with every change of the Lease; empty before it exists
 */
record LeaseRecord(
    String holder,
    int durationSeconds,
    String acquireTime,
    String renewTime,
    int transitions,
    String resourceVersion) {}
