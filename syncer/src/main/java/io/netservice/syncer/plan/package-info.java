/**
 * The rules: what should exist for a NetService, given its pods and what exists. Pure: no client,
 * clock, logger or shared state in here; {@link io.netservice.syncer.plan.TriggerTimes} alone
 * remembers something, for the caller.
 *
 * <p>What is published is what the endpointslice controller (k8s.io/endpointslice 0.37) and the
 * endpoints controller (k8s.io/kubernetes 1.37) publish, on another network. What differs:
 *
 * <ul>
 *   <li>Several addresses of a family of one pod are several endpoints; an address that two pods
 *       claim belongs to one of them; a pod whose sandbox is being remade is not ready.
 *   <li>Endpoints hold both families. Theirs hold the first family of the Service, which for a
 *       Service without selector says nothing about the network.
 *   <li>A slice has the labels of the Service at once, the headless one too; there, that one waits
 *       for the next change of the slice.
 *   <li>Slices that have run nearly empty are merged; there, they stay.
 *   <li>A trigger time is not lost when a write has to be repeated.
 *   <li>Where Endpoints are truncated, a subset that keeps nobody is left out; there, the API
 *       server refuses them.
 *   <li>The annotation {@code service.kubernetes.io/topology-mode} gives no hints: those depend on
 *       the CPUs of all nodes, and trafficDistribution has taken their place.
 * </ul>
 */
package io.netservice.syncer.plan;
