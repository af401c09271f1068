package io.netservice.syncer.plan;

/** The pod behind an address. */
public record PodRef(String namespace, String name, String uid) {}
