package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.ServiceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Service of a NetService. Only what the NetService decides is compared and written: type,
 * selector (none), ports, publishNotReadyAddresses and, with a cluster IP, the families. All else
 * that stands on the Service is somebody else's and stays.
 */
final class ServicePlan {

  private static final String NONE = "None";
  private static final String SINGLE_STACK = "SingleStack";

  /** The older form of {@code loadBalancerSourceRanges}. */
  private static final String SOURCE_RANGES =
      "service.beta.kubernetes.io/load-balancer-source-ranges";

  private ServicePlan() {}

  /**
   * What to do with the Service, which {@code owner} controls if there is one. One that is being
   * deleted can only be waited for.
   */
  static Optional<Plan.ServiceChange> change(NetService owner, Current current) {
    if (current.service().isEmpty()) {
      return Optional.of(new Plan.ServiceChange.Create(create(owner, current.replaced())));
    }
    Service service = current.service().get();
    if (Names.isTerminating(service.getMetadata())) {
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

  /** A new Service, with what people had set on the one that it replaces. */
  private static Service create(NetService owner, Optional<Service> replaced) {
    Service base =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace(owner.getMetadata().getNamespace())
            .withName(owner.getMetadata().getName())
            .withLabels(replaced.map(old -> old.getMetadata().getLabels()).orElse(null))
            .withAnnotations(replaced.map(old -> old.getMetadata().getAnnotations()).orElse(null))
            .withOwnerReferences(Names.ownerReference(owner))
            .endMetadata()
            .withSpec(replaced.map(ServicePlan::carriedOver).orElseGet(ServiceSpec::new))
            .build();
    if (owner.getSpec().type() == ServiceType.HEADLESS) {
      base.getSpec().setClusterIP(NONE);
    }
    return update(owner, base);
  }

  /** All but the addresses, which belong to the Service that is gone. */
  private static ServiceSpec carriedOver(Service replaced) {
    return new ServiceSpecBuilder(replaced.getSpec())
        .withSelector(Map.of())
        .withClusterIP(null)
        .withClusterIPs(List.of())
        .withIpFamilies(List.of())
        .withIpFamilyPolicy(null)
        .withExternalName(null)
        .build();
  }

  /**
   * Takes away what the API server refuses on a Service of its new type and would not drop itself.
   */
  private static void dropUnfit(Service service) {
    var spec = service.getSpec();
    if (spec.getType().equals(ServiceType.LOAD_BALANCER.serviceType())) {
      return;
    }
    spec.getPorts().forEach(port -> port.setNodePort(null));
    spec.setAllocateLoadBalancerNodePorts(null);
    spec.setHealthCheckNodePort(null);
    spec.setLoadBalancerClass(null);
    spec.setLoadBalancerSourceRanges(List.of());
    if (spec.getExternalIPs() == null || spec.getExternalIPs().isEmpty()) {
      spec.setExternalTrafficPolicy(null);
    }
    Map<String, String> annotations = service.getMetadata().getAnnotations();
    if (annotations != null && annotations.containsKey(SOURCE_RANGES)) {
      Map<String, String> kept = new TreeMap<>(annotations);
      kept.remove(SOURCE_RANGES);
      service.getMetadata().setAnnotations(kept);
    }
  }

  private static boolean mustReplace(NetServiceSpec spec, Service service) {
    // The built-in controllers have filled slices for a selector that somebody set, with
    // addresses of the default network, and leave them when it is taken away: they go with the
    // Service alone.
    Map<String, String> selector = service.getSpec().getSelector();
    if (selector != null && !selector.isEmpty()) {
      return true;
    }
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
    if (spec.type() != ServiceType.HEADLESS) {
      setFamilies(spec.ipFamilies().stream().distinct().map(IpFamily::value).toList(), to);
    }
    dropUnfit(service);
    service.getMetadata().setOwnerReferences(Names.owners(owner, from.getMetadata()));
    return service;
  }

  /**
   * The families of the cluster IPs. Where none is asked for it is those that the cluster has; one
   * that the cluster has not is refused by the API server, as for any Service.
   */
  private static void setFamilies(List<String> asked, ServiceSpec spec) {
    if (asked.size() == 1) {
      spec.setIpFamilies(new ArrayList<>(asked));
      spec.setIpFamilyPolicy(SINGLE_STACK);
      if (spec.getClusterIPs() != null && spec.getClusterIPs().size() > 1) {
        spec.setClusterIPs(new ArrayList<>(spec.getClusterIPs().subList(0, 1)));
      }
      return;
    }
    if (!asked.isEmpty()) {
      spec.setIpFamilies(new ArrayList<>(asked));
    }
    if (spec.getIpFamilyPolicy() == null || spec.getIpFamilyPolicy().equals(SINGLE_STACK)) {
      spec.setIpFamilyPolicy("PreferDualStack");
    }
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
