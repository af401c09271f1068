/**
 * The rules: what should exist for a NetService, given its pods and what exists. Pure: no client,
 * clock, logger or shared state in here.
 */
package io.netservice.syncer.plan;
