package io.netservice.syncer.migrate;

import static io.netservice.syncer.migrate.Step.AWAIT_GONE;
import static io.netservice.syncer.migrate.Step.AWAIT_MIRRORED;
import static io.netservice.syncer.migrate.Step.AWAIT_PUBLISHED;
import static io.netservice.syncer.migrate.Step.AWAIT_SYNCER;
import static io.netservice.syncer.migrate.Step.CREATE;
import static io.netservice.syncer.migrate.Step.DELETE_NEW;
import static io.netservice.syncer.migrate.Step.DELETE_OLD;
import static io.netservice.syncer.migrate.Step.DELETE_SLICES;
import static io.netservice.syncer.migrate.Step.DELETE_TEMPLATE;
import static io.netservice.syncer.migrate.Step.GIVE_BACK_ENDPOINTS;
import static io.netservice.syncer.migrate.Step.GIVE_BACK_SERVICE;
import static io.netservice.syncer.migrate.Step.RESTORE_OLD;
import static io.netservice.syncer.migrate.Step.RESTORE_TEMPLATE;
import static io.netservice.syncer.migrate.Step.TAKE_OVER_ENDPOINTS;
import static io.netservice.syncer.migrate.Step.TAKE_OVER_SERVICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepsTest {

  private static final String OLD_OWNER =
      "{'apiVersion':'svcctl.metaswitch.com/v1alpha1','kind':'NetService','name':'web',"
          + "'uid':'old','controller':true}";
  private static final String NEW_OWNER =
      "{'apiVersion':'netservice.cni.cncf.io/v1alpha1','kind':'NetService','name':'web',"
          + "'uid':'new','controller':true}";
  private static final String OTHER_OWNER =
      "{'apiVersion':'apps/v1','kind':'Deployment','name':'web','uid':'x','controller':true}";

  private static final String MARKS = "'endpoints.kubernetes.io/managed-by'";
  private static final String SYNCER = "'syncer.netservice.cni.cncf.io'";

  private Optional<JsonNode> old = json("{'metadata':{'uid':'old'}}");
  private Optional<JsonNode> fresh = Optional.empty();
  private Optional<JsonNode> service = owned(OLD_OWNER);
  private Optional<JsonNode> endpoints = owned(OLD_OWNER);
  private Optional<JsonNode> template = owned(OLD_OWNER);
  private List<JsonNode> slices = List.of(slice("endpointslicemirroring-controller.k8s.io"));

  private static Optional<JsonNode> json(String text) {
    return Optional.of(ApiObjects.parsed(text.replace('\'', '"')));
  }

  private static Optional<JsonNode> owned(String owner) {
    return json("{'metadata':{'ownerReferences':[" + owner + "]}}");
  }

  private static Optional<JsonNode> endpoints(String owner, boolean isMarked) {
    return json(
        "{'metadata':{'ownerReferences':["
            + owner
            + "],'labels':{"
            + (isMarked ? MARKS + ":" + SYNCER : "")
            + "}},'subsets':[{'addresses':[{'ip':'10.0.0.1'}],'notReadyAddresses':[{'ip':'10.0.0.2'}]}]}");
  }

  private static JsonNode slice(String manager, String... addresses) {
    String endpoints =
        addresses.length == 0 ? "" : "{'addresses':['" + String.join("','", addresses) + "']}";
    return json("{'metadata':{'labels':{'endpointslice.kubernetes.io/managed-by':'"
            + manager
            + "'}},'endpoints':["
            + endpoints
            + "]}")
        .orElseThrow();
  }

  private static Optional<JsonNode> fresh(String reason, String more) {
    String status =
        reason.isEmpty()
            ? ""
            : ",'status':{'observedGeneration':1,'conditions':[{'type':'Ready','status':'True',"
                + "'reason':'"
                + reason
                + "'}]}";
    return json(
        "{'metadata':{'uid':'new','generation':1,"
            + "'annotations':{'netservice.cni.cncf.io/migrated-from':'{}'}"
            + more
            + "}"
            + status
            + "}");
  }

  private Situation now() {
    return new Situation("shop", "web", old, fresh, service, endpoints, template, slices);
  }

  private void assertForward(Step... steps) {
    assertEquals(List.of(steps), Steps.forward(now()));
  }

  private void assertBackward(Step... steps) {
    assertEquals(List.of(steps), Steps.backward(now()));
  }

  @Test
  void theWayThereInOrder() {
    assertForward(
        CREATE,
        AWAIT_SYNCER,
        TAKE_OVER_ENDPOINTS,
        TAKE_OVER_SERVICE,
        AWAIT_PUBLISHED,
        DELETE_TEMPLATE,
        DELETE_OLD);
    assertBackward();
  }

  @Test
  void nothingIsGivenBeforeASyncerHasLooked() {
    fresh = fresh("", "");
    assertForward(
        AWAIT_SYNCER,
        TAKE_OVER_ENDPOINTS,
        TAKE_OVER_SERVICE,
        AWAIT_PUBLISHED,
        DELETE_TEMPLATE,
        DELETE_OLD);
    assertBackward(DELETE_NEW, AWAIT_GONE);
  }

  @Test
  void nothingIsGivenToOneThatMayNotHaveItsNetwork() {
    fresh = fresh("NotAllowed", "");
    assertEquals(AWAIT_SYNCER, Steps.forward(now()).get(0));
    assertEquals("its status says NotAllowed", now().told());
  }

  @Test
  void betweenEndpointsAndService() {
    fresh = fresh("ServiceConflict", "");
    endpoints = endpoints(NEW_OWNER, false);
    assertForward(TAKE_OVER_SERVICE, AWAIT_PUBLISHED, DELETE_TEMPLATE, DELETE_OLD);
    assertBackward(GIVE_BACK_ENDPOINTS, DELETE_NEW, AWAIT_GONE);
  }

  @Test
  void whatIsLeftOfTheOldGoesOnlyOncePublished() {
    fresh = fresh("ServiceConflict", "");
    service = owned(NEW_OWNER);
    endpoints = endpoints(NEW_OWNER, true);
    assertForward(AWAIT_PUBLISHED, DELETE_TEMPLATE, DELETE_OLD);
    fresh = fresh("WriteFailed", "");
    slices = List.of(slice("syncer.netservice.cni.cncf.io"));
    assertForward(AWAIT_PUBLISHED, DELETE_TEMPLATE, DELETE_OLD);
    fresh = fresh("Published", "");
    assertForward(DELETE_TEMPLATE, DELETE_OLD);
    template = Optional.empty();
    assertForward(DELETE_OLD);
    old = Optional.empty();
    assertForward();
  }

  @Test
  void templateOfSomebodyElseStays() {
    fresh = fresh("Published", "");
    service = owned(NEW_OWNER);
    endpoints = endpoints(NEW_OWNER, true);
    slices = List.of(slice("syncer.netservice.cni.cncf.io"));
    template = owned(OTHER_OWNER);
    assertForward(DELETE_OLD);
  }

  @Test
  void theWayBackInOrder() {
    old = Optional.empty();
    template = Optional.empty();
    fresh = fresh("Published", "");
    service = owned(NEW_OWNER);
    endpoints = endpoints(NEW_OWNER, true);
    slices = List.of(slice("syncer.netservice.cni.cncf.io", "10.0.0.1"));
    assertBackward(
        RESTORE_OLD,
        RESTORE_TEMPLATE,
        DELETE_NEW,
        AWAIT_GONE,
        GIVE_BACK_SERVICE,
        GIVE_BACK_ENDPOINTS,
        AWAIT_MIRRORED,
        DELETE_SLICES);
  }

  @Test
  void theWayBackGoesOnWhereItWasStopped() {
    fresh = fresh("Published", ",'deletionTimestamp':'2026-01-01T00:00:00Z'");
    service = owned(NEW_OWNER);
    endpoints = endpoints(NEW_OWNER, true);
    slices = List.of(slice("syncer.netservice.cni.cncf.io", "10.0.0.1"));
    assertBackward(
        AWAIT_GONE, GIVE_BACK_SERVICE, GIVE_BACK_ENDPOINTS, AWAIT_MIRRORED, DELETE_SLICES);
    fresh = Optional.empty();
    service = owned("");
    endpoints = endpoints("", true);
    assertBackward(GIVE_BACK_SERVICE, GIVE_BACK_ENDPOINTS, AWAIT_MIRRORED, DELETE_SLICES);
    service = owned(OLD_OWNER);
    assertBackward(GIVE_BACK_ENDPOINTS, AWAIT_MIRRORED, DELETE_SLICES);
    endpoints = endpoints(OLD_OWNER, false);
    assertBackward(AWAIT_MIRRORED, DELETE_SLICES);
    slices =
        List.of(
            slice("syncer.netservice.cni.cncf.io", "10.0.0.1"),
            slice("endpointslicemirroring-controller.k8s.io", "10.0.0.1", "10.0.0.2"));
    assertBackward(DELETE_SLICES);
  }

  @Test
  void whatWasMadeWithoutMigrateIsNotRolledBack() {
    fresh = json("{'metadata':{'uid':'new','generation':1}}");
    service = owned(NEW_OWNER);
    endpoints = endpoints(NEW_OWNER, true);
    slices = List.of(slice("syncer.netservice.cni.cncf.io"));
    assertBackward();
  }

  @Test
  void whatIsSomebodyElsesIsNotGivenBack() {
    fresh = fresh("ServiceConflict", "");
    service = owned(OTHER_OWNER);
    endpoints = endpoints(OTHER_OWNER, false);
    assertBackward(DELETE_NEW, AWAIT_GONE);
  }

  @Test
  void allAddressesMustBeMirroredWhetherReadyOrNot() {
    endpoints = endpoints(OLD_OWNER, false);
    slices = List.of(slice("endpointslicemirroring-controller.k8s.io", "10.0.0.1"));
    assertFalse(now().isMirrored());
    slices = List.of(slice("syncer.netservice.cni.cncf.io", "10.0.0.1", "10.0.0.2"));
    assertFalse(now().isMirrored());
    slices = List.of(slice("endpointslicemirroring-controller.k8s.io", "10.0.0.1", "10.0.0.2"));
    assertTrue(now().isMirrored());
    endpoints = Optional.empty();
    assertFalse(now().isMirrored());
  }
}
