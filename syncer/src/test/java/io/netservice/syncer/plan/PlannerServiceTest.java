package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Service: what the NetService decides of it, what people may set, and how it is replaced. */
class PlannerServiceTest {

  private static final String HEADLESS = "service.kubernetes.io/headless";

  private final Cluster cluster =
      new Cluster().ports("http:80").with(pod("a").ready().on("core", "10.0.0.1"));

  @Test
  void headlessServiceComesFirstOwnedAndWithoutSelector() {
    cluster.reconcile();
    assertEquals("create Service/db", cluster.writes().get(0));
    assertEquals("None", cluster.service("clusterIP"));
    assertEquals("ClusterIP", cluster.service("type"));
    assertEquals("null", cluster.service("selector"));
    assertEquals("NetService db#uid-db", cluster.controller("Service/db"));
  }

  @Test
  void clusterIpServiceHasPortsAndEndpointsButNoHeadlessLabel() {
    cluster.type("ClusterIP").ports("http:80>web/TCP/http").reconcile();
    assertEquals("10.96.0.7", cluster.service("clusterIP"));
    assertEquals(
        "[{appProtocol=http, name=http, port=80, protocol=TCP, targetPort=web}]",
        cluster.service("ports"));
    assertEquals("PreferDualStack", cluster.service("ipFamilyPolicy"));
    assertFalse(cluster.labels("EndpointSlice/db-ns4-0").containsKey(HEADLESS));
    assertFalse(cluster.labels("Endpoints/db").containsKey(HEADLESS));
  }

  @Test
  void loadBalancerIsAServiceOfThatType() {
    cluster.type("LoadBalancer").reconcile();
    assertEquals("LoadBalancer", cluster.service("type"));
  }

  @Test
  void publishNotReadyAddressesIsToldAndTakenBack() {
    cluster.publishNotReady().reconcile();
    assertEquals("true", cluster.service("publishNotReadyAddresses"));
    cluster.patch("Service/db", "{'spec':{'publishNotReadyAddresses':null}}").reconcile();
    assertEquals("true", cluster.service("publishNotReadyAddresses"));
    cluster.publishNotReady(false).reconcile();
    assertEquals("null", cluster.service("publishNotReadyAddresses"));
  }

  @Test
  void clusterIpOfOneFamilyPublishesThatFamilyAlone() {
    cluster
        .onlyFamily("IPv4")
        .type("ClusterIP")
        .with(pod("b").ready().on("core", "10.0.0.2", "fd00::2"))
        .reconcile();
    assertEquals(List.of("IPv4 [http:80/TCP] 10.0.0.1 10.0.0.2"), cluster.slices());
    assertEquals(List.of("[http:80/TCP] 10.0.0.1 10.0.0.2"), cluster.subsets());
  }

  @Test
  void askedFamiliesAreTheClusterIps() {
    cluster.type("ClusterIP").families("IPv6").reconcile();
    assertEquals("[IPv6]", cluster.service("ipFamilies"));
    assertEquals("SingleStack", cluster.service("ipFamilyPolicy"));
  }

  @Test
  void secondFamilyIsReleasedInPlace() {
    cluster.type("ClusterIP").reconcile();
    cluster.families("IPv4").reconcile();
    assertEquals("update Service/db", cluster.writes().get(0));
    assertEquals("[IPv4]", cluster.service("ipFamilies"));
  }

  @Test
  void familiesThatAreNoLongerAskedForAreThoseThatTheClusterHas() {
    cluster.type("ClusterIP").families("IPv4").reconcile();
    cluster.families().reconcile();
    assertEquals("PreferDualStack", cluster.service("ipFamilyPolicy"));
    cluster.reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void requiredDualStackIsAPersonsToAskFor() {
    cluster.type("ClusterIP").reconcile();
    cluster.patch("Service/db", "{'spec':{'ipFamilyPolicy':'RequireDualStack'}}").reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void otherFirstFamilyNeedsAnotherService() {
    cluster.type("ClusterIP").families("IPv4").reconcile();
    cluster.families("IPv6", "IPv4").reconcile();
    assertEquals(List.of("delete Service/db", "create Service/db"), cluster.writes().subList(0, 2));
    assertEquals("[IPv6, IPv4]", cluster.service("ipFamilies"));
  }

  @Test
  void headlessBecomesClusterIpByReplacementAndTheSlicesStay() {
    cluster.reconcile();
    cluster.type("ClusterIP").reconcile();
    assertEquals(
        List.of(
            "delete Service/db",
            "create Service/db",
            "update EndpointSlice/db-ns4-0",
            "update Endpoints/db"),
        cluster.writes());
    assertEquals("10.96.0.7", cluster.service("clusterIP"));
    assertEquals(List.of("10.0.0.1 ready serving"), cluster.published());
    assertEquals("NetService db#uid-db", cluster.controller("EndpointSlice/db-ns4-0"));
  }

  @Test
  void clusterIpBecomesHeadlessByReplacement() {
    cluster.type("ClusterIP").reconcile();
    cluster.type("Headless").reconcile();
    assertEquals(List.of("delete Service/db", "create Service/db"), cluster.writes().subList(0, 2));
    assertEquals("None", cluster.service("clusterIP"));
    assertTrue(cluster.labels("EndpointSlice/db-ns4-0").containsKey(HEADLESS));
  }

  @Test
  void clusterIpAndLoadBalancerChangeInPlace() {
    cluster.type("ClusterIP").reconcile();
    cluster.type("LoadBalancer").reconcile();
    assertEquals(List.of("update Service/db"), cluster.writes());
    cluster.type("ClusterIP").reconcile();
    assertEquals(List.of("update Service/db"), cluster.writes());
    assertEquals("10.96.0.7", cluster.service("clusterIP"));
  }

  @Test
  void whatPeopleSetStays() {
    cluster.type("LoadBalancer").reconcile();
    cluster.patch(
        "Service/db",
        """
        {'metadata':{'labels':{'team':'a'},'annotations':{'note':'x'}},
         'spec':{'sessionAffinity':'ClientIP','externalTrafficPolicy':'Local',
         'internalTrafficPolicy':'Local','healthCheckNodePort':32000,'loadBalancerClass':'a/b',
         'loadBalancerSourceRanges':['10.0.0.0/8'],'allocateLoadBalancerNodePorts':false,
         'ports':[{'name':'http','port':80,'protocol':'TCP','targetPort':80,'nodePort':31000}]}}
        """);
    cluster.reconcile();
    assertFalse(cluster.writes().contains("update Service/db"), cluster.writes().toString());
  }

  @Test
  void nodePortStaysWithItsPortWhenPortsAreAdded() {
    cluster.type("LoadBalancer").reconcile();
    cluster.patch(
        "Service/db",
        "{'spec':{'ports':[{'name':'http','port':80,'protocol':'TCP','targetPort':80,'nodePort':31000}]}}");
    cluster.ports("admin:81", "http:80>8080").reconcile();
    assertEquals(
        "[{name=admin, port=81, protocol=TCP, targetPort=81},"
            + " {name=http, nodePort=31000, port=80, protocol=TCP, targetPort=8080}]",
        cluster.service("ports"));
  }

  @Test
  void whatALoadBalancerAloneMayHaveGoesWithTheType() {
    whatPeopleSetStays();
    cluster.type("ClusterIP").reconcile();
    for (String field :
        List.of(
            "externalTrafficPolicy",
            "healthCheckNodePort",
            "loadBalancerClass",
            "loadBalancerSourceRanges",
            "allocateLoadBalancerNodePorts")) {
      assertEquals("null", cluster.service(field), field);
    }
    assertFalse(cluster.service("ports").contains("nodePort"));
    assertEquals("ClientIP", cluster.service("sessionAffinity"));
    assertEquals("Local", cluster.service("internalTrafficPolicy"));
  }

  @Test
  void whatPeopleSetIsCarriedOverToTheReplacement() {
    whatPeopleSetStays();
    cluster.type("Headless").reconcile();
    assertEquals("ClientIP", cluster.service("sessionAffinity"));
    assertEquals("Local", cluster.service("internalTrafficPolicy"));
    assertEquals("null", cluster.service("loadBalancerClass"));
    assertEquals("null", cluster.service("clusterIPs"));
    assertEquals(Map.of("team", "a"), cluster.labels("Service/db"));
    assertEquals(Map.of("note", "x"), cluster.annotations("Service/db"));
    assertEquals("NetService db#uid-db", cluster.controller("Service/db"));
  }

  @Test
  void loadBalancerOfAnotherFamilyKeepsItsOwnFields() {
    whatPeopleSetStays();
    cluster.families("IPv6").reconcile();
    assertEquals("Local", cluster.service("externalTrafficPolicy"));
    assertEquals("a/b", cluster.service("loadBalancerClass"));
    assertTrue(cluster.service("ports").contains("nodePort=31000"));
    assertEquals("fd96::7", cluster.service("clusterIP"));
  }

  @Test
  void externalTrafficPolicyStaysWithExternalIps() {
    cluster.type("ClusterIP").reconcile();
    cluster.patch(
        "Service/db", "{'spec':{'externalIPs':['192.0.2.1'],'externalTrafficPolicy':'Local'}}");
    cluster.reconcile();
    assertEquals("Local", cluster.service("externalTrafficPolicy"));
  }

  @Test
  void sourceRangesInTheOlderFormGoWithTheTypeToo() {
    cluster.type("LoadBalancer").reconcile();
    cluster.patch(
        "Service/db",
        "{'metadata':{'annotations':"
            + "{'service.beta.kubernetes.io/load-balancer-source-ranges':'10.0.0.0/8','a':'b'}}}");
    cluster.type("ClusterIP").reconcile();
    assertEquals(Map.of("a", "b"), cluster.annotations("Service/db"));
  }

  @Test
  void serviceDeletedByHandComesBackAsNew() {
    cluster.type("ClusterIP").reconcile();
    cluster.patch("Service/db", "{'spec':{'sessionAffinity':'ClientIP'}}");
    cluster.delete("Service/db").reconcile();
    assertEquals("create Service/db", cluster.writes().get(0));
    assertEquals("None", cluster.service("sessionAffinity"));
  }

  @Test
  void aServiceThatWasGivenASelectorIsMadeAnewSoThatItsSlicesGo() {
    cluster.reconcile();
    cluster.patch("Service/db", "{'spec':{'selector':{'a':'b'},'sessionAffinity':'ClientIP'}}");
    cluster.reconcile();
    assertEquals(List.of("delete Service/db", "create Service/db"), cluster.writes());
    assertEquals("null", cluster.service("selector"));
    assertEquals("ClientIP", cluster.service("sessionAffinity"));
  }

  @Test
  void typeAndPortsSetByHandAreTakenBack() {
    cluster.type("ClusterIP").reconcile();
    cluster.patch(
        "Service/db", "{'spec':{'type':'NodePort','ports':[{'port':9,'nodePort':31000}]}}");
    cluster.reconcile();
    assertEquals(List.of("update Service/db"), cluster.writes());
    assertEquals("ClusterIP", cluster.service("type"));
    assertEquals("[{name=http, port=80, protocol=TCP, targetPort=80}]", cluster.service("ports"));
  }

  @Test
  void serviceBeingDeletedIsWaitedForWhileEndpointsGoOn() {
    cluster.reconcile();
    cluster.deleting("Service/db").type("ClusterIP");
    cluster.with(pod("b").ready().on("core", "10.0.0.2")).reconcile();
    assertTrue(
        cluster.writes().stream().noneMatch(write -> write.contains("Service/db")),
        cluster.writes().toString());
    assertEquals(2, cluster.published().size());
    cluster.delete("Service/db").reconcile();
    assertEquals("create Service/db", cluster.writes().get(0));
    assertEquals("10.96.0.7", cluster.service("clusterIP"));
  }

  // Labels that the Service shares.

  @Test
  void labelsOfTheServiceAreOnSlicesAndEndpoints() {
    cluster.reconcile();
    cluster.patch("Service/db", "{'metadata':{'labels':{'team':'a'}}}").reconcile();
    assertEquals(
        Map.of(
            "team",
            "a",
            HEADLESS,
            "",
            "kubernetes.io/service-name",
            "db",
            "endpointslice.kubernetes.io/managed-by",
            "syncer.netservice.cni.cncf.io"),
        cluster.labels("EndpointSlice/db-ns4-0"));
    assertEquals(
        Map.of(
            "team",
            "a",
            HEADLESS,
            "",
            "endpoints.kubernetes.io/managed-by",
            "syncer.netservice.cni.cncf.io",
            "endpointslice.kubernetes.io/skip-mirror",
            "true"),
        cluster.labels("Endpoints/db"));
  }

  @Test
  void labelsOfNobodyElseStayOnSlicesAndEndpoints() {
    cluster.reconcile();
    Map<String, String> before = cluster.labels("EndpointSlice/db-ns4-0");
    cluster.patch("EndpointSlice/db-ns4-0", "{'metadata':{'labels':{'mine':'x'}}}");
    cluster.patch("Endpoints/db", "{'metadata':{'labels':{'mine':'x'}}}");
    cluster.reconcile();
    assertEquals(before, cluster.labels("EndpointSlice/db-ns4-0"));
    assertFalse(cluster.labels("Endpoints/db").containsKey("mine"));
  }

  @Test
  void reservedLabelsOfTheServiceDoNotMisleadAnyone() {
    cluster.type("ClusterIP").reconcile();
    cluster.patch(
        "Service/db",
        "{'metadata':{'labels':{'kubernetes.io/service-name':'x','"
            + HEADLESS
            + "':'','endpointslice.kubernetes.io/managed-by':'x',"
            + "'endpointslice.kubernetes.io/skip-mirror':'false'}}}");
    cluster.reconcile();
    assertEquals("db", cluster.labels("EndpointSlice/db-ns4-0").get("kubernetes.io/service-name"));
    assertFalse(cluster.labels("EndpointSlice/db-ns4-0").containsKey(HEADLESS));
    assertEquals(
        "true", cluster.labels("Endpoints/db").get("endpointslice.kubernetes.io/skip-mirror"));
  }

  @Test
  void annotationsOfOthersStayOnSlicesAndEndpoints() {
    cluster.reconcile();
    cluster.patch("EndpointSlice/db-ns4-0", "{'metadata':{'annotations':{'note':'x'}}}");
    cluster.patch("Endpoints/db", "{'metadata':{'annotations':{'note':'x'}}}");
    cluster.reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  // What may not be named.

  @Test
  void networkOfAnotherNamespaceIsWithdrawnOnceNamespacesAreIsolated() {
    cluster.network("networks/core").with(pod("b").ready().on("networks/core", "10.0.0.9"));
    assertEquals("IPv4 [http:80/TCP] 10.0.0.9", cluster.reconcile().slices().get(0));
    cluster.isolated().reconcile();
    assertEquals(List.of(), cluster.slices());
    assertEquals(List.of(), cluster.subsets());
    assertEquals(
        "False NotAllowed: spec.netAttachDef: networks/core: networks are isolated by namespace:"
            + " must be one of namespace shop or of default",
        cluster.condition("Ready"));
  }

  @Test
  void ownNetworkIsPublishedWhereNamespacesAreIsolated() {
    List<String> slices = cluster.reconcile().slices();
    cluster.isolated().reconcile();
    assertEquals(List.of(), cluster.writes());
    assertEquals(slices, cluster.slices());
  }

  // Somebody else's.

  @Test
  void somebodyElsesServiceIsLeftAloneAndNothingStaysInItsName() {
    cluster.reconcile().foreignService().reconcile();
    assertEquals(List.of("delete EndpointSlice/db-ns4-0", "delete Endpoints/db"), cluster.writes());
    assertEquals(
        "False ServiceConflict: Service shop/db was not made by this NetService: delete it or"
            + " choose another name",
        cluster.condition("Ready"));
  }

  private static final String OF_AN_OLDER_ONE =
      "{'metadata':{'ownerReferences':[{'apiVersion':'netservice.cni.cncf.io/v1alpha1',"
          + "'kind':'NetService','name':'db','uid':'older','controller':true}]}}";

  @Test
  void whatADeletedNamesakeLeftIsTakenOverAndPutRight() {
    cluster.with(pod("b").ready().on("core", "10.0.0.2")).reconcile();
    for (String each : List.of("Service/db", "EndpointSlice/db-ns4-0", "Endpoints/db")) {
      cluster.patch(each, OF_AN_OLDER_ONE);
    }
    cluster.without("b").reconcile();
    assertEquals(
        List.of("update Service/db", "update EndpointSlice/db-ns4-0", "update Endpoints/db"),
        cluster.writes());
    assertTrue(cluster.condition("Ready").startsWith("True Published"));
    cluster.reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void serviceOfADeletedNamesakeThatIsGoingIsWaitedFor() {
    cluster.reconcile();
    cluster.patch("Service/db", OF_AN_OLDER_ONE);
    cluster.deleting("Service/db").reconcile();
    assertEquals(
        "False ServiceTerminating: Service shop/db is being deleted: replaced once it is gone",
        cluster.condition("Ready"));
    cluster.delete("Service/db").reconcile();
    assertTrue(cluster.condition("Ready").startsWith("True Published"));
  }

  @Test
  void somebodyElsesServiceThatIsGoingIsWaitedFor() {
    cluster.reconcile().foreignService().deleting("Service/db").reconcile();
    assertEquals(
        "False ServiceTerminating: Service shop/db is being deleted: replaced once it is gone",
        cluster.condition("Ready"));
  }

  @Test
  void endpointsOfSomebodyElseAreAConflict() {
    cluster.obstructed("Endpoints shop/db exists").reconcile();
    assertEquals(List.of(), cluster.writes());
    assertEquals("False ServiceConflict: Endpoints shop/db exists", cluster.condition("Ready"));
  }

  @Test
  void nothingIsMadeForWhatIsBeingDeleted() {
    cluster.going().reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void whatIsThereOfOneThatIsBeingDeletedStaysTrue() {
    cluster.with(pod("b").ready().on("core", "10.0.0.2")).reconcile();
    cluster.going().without("b").reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-0", "update Endpoints/db"), cluster.writes());
    cluster.delete("Endpoints/db").reconcile();
    assertEquals(List.of(), cluster.writes(), "nothing comes back");
  }

  @Test
  void whatIsLeftBehindByOneThatIsBeingDeletedIsLeftAlone() {
    cluster.with(pod("b").ready().on("core", "10.0.0.2")).reconcile();
    cluster.leavingBehind().without("b").delete("Endpoints/db").reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void aStatusThatSomebodyWroteWithoutTimesIsReplaced() {
    cluster.reconcile();
    cluster.status("{'conditions':[{'type':'Ready','status':'True','reason':'Published'}]}");
    cluster.reconcile();
    assertTrue(cluster.condition("Ready").startsWith("True Published"));
  }
}
