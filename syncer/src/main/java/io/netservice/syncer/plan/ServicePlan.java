package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.ServiceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Service of a NetService. Only what the NetService decides is compared and written: type,
 * selector (none), ports, publishNotReadyAddresses and, with a cluster IP, the families. All else
 * that stands on the Service is somebody else's and stays.
 */
final class ServicePlan {

  private static final String NONE = "None";

  private ServicePlan() {}

  /** What to do with {@code existing}, which {@code owner} controls if it is there. */
  static Optional<Plan.ServiceChange> change(NetService owner, Optional<Service> existing) {
    if (existing.isEmpty()) {
      return Optional.of(new Plan.ServiceChange.Create(create(owner)));
    }
    Service service = existing.get();
    if (service.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    if (mustReplace(owner.getSpec(), service)) {
      return Optional.of(new Plan.ServiceChange.Replace(service));
    }
    Service updated = update(owner, service);
    return updated.equals(service)
        ? Optional.empty()
        : Optional.of(new Plan.ServiceChange.Update(updated));
  }

  private static Service create(NetService owner) {
    Service empty =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace(owner.getMetadata().getNamespace())
            .withName(owner.getMetadata().getName())
            .withOwnerReferences(Names.ownerReference(owner))
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    if (owner.getSpec().type() == ServiceType.HEADLESS) {
      empty.getSpec().setClusterIP(NONE);
    }
    return update(owner, empty);
  }

  private static boolean mustReplace(NetServiceSpec spec, Service service) {
    boolean wantsHeadless = spec.type() == ServiceType.HEADLESS;
    if (wantsHeadless != NONE.equals(service.getSpec().getClusterIP())) {
      return true;
    }
    List<String> families = service.getSpec().getIpFamilies();
    return !wantsHeadless
        && !spec.ipFamilies().isEmpty()
        && families != null
        && !families.isEmpty()
        && !families.get(0).equals(spec.ipFamilies().get(0).value());
  }

  private static Service update(NetService owner, Service from) {
    NetServiceSpec spec = owner.getSpec();
    Service service = new ServiceBuilder(from).build();
    var to = service.getSpec();
    to.setType(spec.type().serviceType());
    to.setSelector(Map.of());
    to.setPorts(ports(spec.ports(), from.getSpec().getPorts()));
    if (spec.publishNotReadyAddresses()
        || Boolean.TRUE.equals(from.getSpec().getPublishNotReadyAddresses())) {
      to.setPublishNotReadyAddresses(spec.publishNotReadyAddresses() ? true : null);
    }
    if (spec.type() != ServiceType.HEADLESS && !spec.ipFamilies().isEmpty()) {
      List<String> families = spec.ipFamilies().stream().map(IpFamily::value).toList();
      // On a cluster with one family PreferDualStack answers with fewer: that is no difference.
      List<String> got = from.getSpec().getIpFamilies();
      boolean asGot =
          got != null
              && !got.isEmpty()
              && got.equals(families.subList(0, Math.min(got.size(), families.size())));
      String policy = families.size() > 1 ? "PreferDualStack" : "SingleStack";
      if (!(asGot && policy.equals(from.getSpec().getIpFamilyPolicy()))) {
        to.setIpFamilies(new ArrayList<>(families));
        to.setIpFamilyPolicy(policy);
        if (families.size() == 1 && to.getClusterIPs() != null && to.getClusterIPs().size() > 1) {
          to.setClusterIPs(new ArrayList<>(to.getClusterIPs().subList(0, 1)));
        }
      }
    } else if (spec.type() != ServiceType.HEADLESS && from.getSpec().getIpFamilyPolicy() == null) {
      to.setIpFamilyPolicy("PreferDualStack");
    }
    if (!Names.controls(owner, from)) {
      List<OwnerReference> owners = new ArrayList<>(from.getMetadata().getOwnerReferences());
      owners.add(Names.ownerReference(owner));
      service.getMetadata().setOwnerReferences(owners);
    }
    return service;
  }

  /** The wanted ports, each on what the API server or a person added to it (nodePort). */
  private static List<ServicePort> ports(List<NetServicePort> wanted, List<ServicePort> existing) {
    List<ServicePort> result = new ArrayList<>();
    for (NetServicePort port : wanted) {
      ServicePort base =
          existing.stream()
              .filter(
                  old ->
                      old.getPort() == port.port()
                          && port.protocol().name().equals(old.getProtocol()))
              .findFirst()
              .orElseGet(ServicePort::new);
      IntOrString target = port.target();
      result.add(
          new ServicePortBuilder(base)
              .withName(port.name())
              .withProtocol(port.protocol().name())
              .withPort(port.port())
              .withTargetPort(target)
              .withAppProtocol(port.appProtocol())
              .build());
    }
    return result;
  }
}
