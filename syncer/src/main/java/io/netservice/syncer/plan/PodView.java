package io.netservice.syncer.plan;

import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatus;
import java.util.List;

/**
 * What the planner needs of a pod.
 *
 * @param name its name
 * @param uid its uid
 * @param created when it was created, in seconds since 1970
 * @param nodeName the node it runs on, empty if none yet
 * @param hostname {@code spec.hostname}, empty if none
 * @param subdomain {@code spec.subdomain}, empty if none
 * @param ready whether it is ready and its sandbox is there
 * @param readySince when readiness last changed, in seconds since 1970; 0 if not told
 * @param terminating whether it is being deleted
 * @param finished whether it is in phase {@code Succeeded} or {@code Failed}
 * @param network what it says of its networks
 * @param ports the named ports of containers that keep running
 */
public record PodView(
    String name,
    String uid,
    long created,
    String nodeName,
    String hostname,
    String subdomain,
    boolean ready,
    long readySince,
    boolean terminating,
    boolean finished,
    NetworkStatus network,
    List<NamedPort> ports) {

  public PodView {
    ports = List.copyOf(ports);
  }

  /** A container's port that has a name, which a {@code targetPort} may use. */
  public record NamedPort(String name, Protocol protocol, int number) {}
}
