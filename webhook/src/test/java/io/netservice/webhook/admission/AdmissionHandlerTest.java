package io.netservice.webhook.admission;

import static io.netservice.webhook.admission.ReviewFile.review;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.netservice.network.NamespaceIsolation;
import io.netservice.webhook.admission.ServiceLookup.FoundService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionHandlerTest {

  private static final String UID = "5d2e3c3f-6f4a-4f1e-9c1b-2f0a9d6f7e11";
  private static final ServiceLookup NO_SERVICE = (namespace, name) -> Optional.empty();
  private static final NetworkLookup ANY_NETWORK = network -> true;

  // Mutation

  @Test
  void aBareNetworkGetsTheNamespaceOfTheRequest() throws Exception {
    JsonNode response = mutate(review("create"));

    assertTrue(response.path("allowed").asBoolean());
    assertEquals("JSONPatch", response.path("patchType").asText());
    assertEquals(
        Json.MAPPER.readTree(
            """
            [{"op": "replace", "path": "/spec/netAttachDef", "value": "shop/core"}]
            """),
        Json.MAPPER.readTree(response.path("patch").binaryValue()));
  }

  @Test
  void theUidOfTheRequestComesBack() throws Exception {
    assertEquals(
        "0b4a1f0c-3a60-4c8c-8f63-6b1f7b0f5a2d", mutate(review("create")).path("uid").asText());
  }

  @Test
  void aQualifiedNetworkIsLeftAsItIs() throws Exception {
    JsonNode response =
        mutate(review("create").with("/object/spec/netAttachDef", "\"networks/core\""));

    assertAllowed(response);
    assertFalse(response.has("patch"));
  }

  @Test
  void anUpdateToABareNetworkIsPatchedToo() throws Exception {
    assertTrue(mutate(review("update")).has("patch"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"update-being-deleted", "delete"})
  void whatGoesAwayIsLeftAlone(String file) throws Exception {
    for (JsonNode response :
        List.of(mutate(review(file)), validate(review(file), NO_SERVICE, ANY_NETWORK))) {
      assertTrue(response.path("allowed").asBoolean());
      assertFalse(response.has("patch"));
    }
  }

  // Rules

  @Test
  void whatIsRightIsAllowedWithoutAWord() throws Exception {
    JsonNode response = validate(review("create"));

    assertTrue(response.path("allowed").asBoolean());
    assertFalse(response.has("warnings"));
    assertFalse(response.has("status"));
  }

  @Test
  void aRefusalHasTheFormOfTheApiServersOwn() throws Exception {
    JsonNode status = refused(review("create").spec("{\"netAttachDef\": \"Core\"}")).path("status");

    assertEquals(422, status.path("code").asInt());
    assertEquals("Invalid", status.path("reason").asText());
    assertTrue(
        status.path("message").asText().startsWith("spec.netAttachDef: \"Core\": must be"),
        status::toString);
    assertTrue(
        status.path("message").asText().endsWith("; spec.selector: must have 1 to 64 labels"),
        status::toString);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ports is text      | /object/spec/ports                    | "80"          | spec.ports: "80": must be a list
          a port is text     | /object/spec/ports                    | [{"port":"80"}] | spec.ports[0].port: "80": must be a whole number
          a port is a list   | /object/spec/ports                    | [[1]]         | spec.ports[0]: [...]: must be an object
          half a port        | /object/spec/ports                    | [{"port":1.5}] | spec.ports[0].port: 1.5: must be a whole number
          a huge port        | /object/spec/ports                    | [{"port":99999999999999}] | spec.ports[0].port: 99999999999999: must be a whole number
          a null port        | /object/spec/ports                    | [null]        | spec: {...}: must be
          a list for target  | /object/spec/ports                    | [{"port":1,"targetPort":[]}] | spec.ports[0].targetPort
          half a target      | /object/spec/ports                    | [{"port":1,"targetPort":1.5}] | spec.ports[0].targetPort
          a boolean target   | /object/spec/ports                    | [{"port":1,"targetPort":true}] | spec.ports[0].targetPort
          another protocol   | /object/spec/ports                    | [{"port":1,"protocol":"tcp"}] | spec.ports[0].protocol: "tcp": must be one of TCP, UDP, SCTP
          another type       | /object/spec/type                     | "NodePort"    | spec.type: "NodePort": must be one of Headless, ClusterIP, LoadBalancer
          a number for type  | /object/spec/type                     | 1             | spec.type: 1: must be one of
          a family           | /object/spec/ipFamilies               | ["IPv5"]      | spec.ipFamilies[0]: "IPv5": must be one of IPv4, IPv6
          a null label       | /object/spec/selector                 | {"app":null}  | spec: {...}: must be
          a number for label | /object/spec/selector                 | {"app":1}     | spec.selector.app: 1: must be a string
          labels as a list   | /object/spec/selector                 | []            | spec.selector: [...]: must be an object
          a number as network| /object/spec/netAttachDef             | 7             | spec.netAttachDef: 7: must be a string
          text for true      | /object/spec/publishNotReadyAddresses | "true"        | spec.publishNotReadyAddresses: "true": must be true or false
          text for spec      | /object/spec                          | "core"        | spec: "core": must be an object
          a list for spec    | /object/spec                          | []            | spec: [...]: must be an object
          no spec            | /object/spec                          | null          | spec: must be given
          text for metadata  | /object/metadata                      | "corens"      | metadata: "corens": must be an object
          a number for name  | /object/metadata/name                 | 1             | metadata.name: 1: must be a string
          no metadata        | /object/metadata                      | null          | metadata.name: must be
          """)
  void aValueOfAnotherTypeIsRefused(String what, String pointer, String json, String message)
      throws Exception {
    String shown = message(refused(review("create").with(pointer, json)));

    assertTrue(shown.startsWith(message), () -> what + ": " + shown);
    assertFalse(shown.contains("\n") || shown.contains("Exception"), shown);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name               | /object/metadata/name        | "1st"                 | metadata.name: "1st": must be a name
          network            | /object/spec/netAttachDef    | "a/b/c"               | spec.netAttachDef: "a/b/c": must be [namespace/]name
          empty network      | /object/spec/netAttachDef    | ""                    | spec.netAttachDef: "": must be [namespace/]name
          no network         | /object/spec/netAttachDef    | null                  | spec.netAttachDef: must be [namespace/]name
          interface          | /object/spec/interface       | "net/1"               | spec.interface: "net/1": must be the name
          no labels          | /object/spec/selector        | {}                    | spec.selector: must have 1 to 64 labels
          label key          | /object/spec/selector        | {"a b":"c"}           | spec.selector: "a b": must be a label key
          label value        | /object/spec/selector        | {"app":"-a"}          | spec.selector["app"]: "-a": must be a label value
          no ports           | /object/spec/type            | "ClusterIP"           | spec.ports: must have at least one port when spec.type is ClusterIP
          port               | /object/spec/ports           | [{"port":0}]          | spec.ports[0].port: 0: must be a number
          port name          | /object/spec/ports           | [{"port":1,"name":"A"}] | spec.ports[0].name: "A": must be at most 63
          target port        | /object/spec/ports           | [{"port":1,"targetPort":"a--b"}] | spec.ports[0].targetPort: "a--b": must be a number
          app protocol       | /object/spec/ports           | [{"port":1,"appProtocol":"a b"}] | spec.ports[0].appProtocol: "a b": must be [prefix/]name
          equal ports        | /object/spec/ports           | [{"port":1,"name":"a"},{"port":1,"name":"b"}] | spec.ports[1].port: 1: must differ
          nameless ports     | /object/spec/ports           | [{"port":1,"name":"a"},{"port":2}] | spec.ports[1].name: must be given
          equal port names   | /object/spec/ports           | [{"port":1,"name":"a"},{"port":2,"name":"a"}] | spec.ports[1].name: "a": must differ
          equal families     | /object/spec/ipFamilies      | ["IPv4","IPv4"]       | spec.ipFamilies[1]: "IPv4": must be given once
          """)
  void aBrokenRuleIsToldAlikeByBothWebhooks(
      String what, String pointer, String json, String message) throws Exception {
    for (String file : List.of("create", "update")) {
      String shown = message(refused(review(file).with(pointer, json)));
      assertTrue(shown.startsWith(message), () -> file + " of " + what + ": " + shown);
    }
  }

  @Test
  void aNameThatIsYetToBeGeneratedIsNotMissed() throws Exception {
    assertTrue(
        mutate(review("create").with("/object/metadata", "{\"generateName\": \"core-\"}"))
            .has("patch"));
    assertTrue(
        message(refused(review("create").with("/object/metadata", "{\"generateName\": \"1-\"}")))
            .startsWith("metadata.generateName: \"1-\": must be the beginning of a name"));
  }

  @Test
  void unknownFieldsAndStatusDoNotMatter() throws Exception {
    assertAllowed(
        validate(
            review("create")
                .with("/object/spec/later", "{\"a\": [1]}")
                .with("/object/status", "\"x\"")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wrong network          | {"netAttachDef": "Core"}      | {"netAttachDef": "Core"}      | false
          no spec                | null                          | null                          | false
          no labels, bare again  | {"netAttachDef": "core"}      | {"netAttachDef": "shop/core"} | true
          no labels, bare always | {"netAttachDef": "core"}      | {"netAttachDef": "core"}      | true
          no labels, qualified   | {"netAttachDef": "shop/core"} | {"netAttachDef": "core"}      | false
          """)
  void anUpdateThatKeepsTheSpecIsAllowedWhateverItIs(
      String what, String spec, String oldSpec, boolean patched) throws Exception {
    JsonNode mutated = mutate(review("update").spec(spec).with("/oldObject/spec", oldSpec));

    assertAllowed(mutated);
    assertEquals(patched, mutated.has("patch"));
    assertAllowed(
        validate(
            review("update").spec(spec).with("/oldObject/spec", oldSpec),
            (namespace, name) -> {
              throw new AssertionError("asked for");
            },
            network -> {
              throw new AssertionError("asked for");
            }));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          another network   | {"netAttachDef": "core"}      | {"netAttachDef": "edge/core"}
          another field     | {"netAttachDef": "core", "interface": "net1"} | {"netAttachDef": "shop/core"}
          """)
  void anUpdateThatChangesTheSpecIsJudged(String what, String spec, String oldSpec)
      throws Exception {
    assertTrue(
        message(refused(review("update").spec(spec).with("/oldObject/spec", oldSpec)))
            .startsWith("spec.selector"),
        what);
  }

  @Test
  void aRefusalOfVeryMuchStaysShort() throws Exception {
    StringBuilder ports = new StringBuilder("[");
    for (int i = 0; i < 5000; i++) {
      ports.append(i == 0 ? "" : ",").append("{\"port\": 0}");
    }
    String message = message(refused(review("create").with("/object/spec/ports", ports + "]")));

    assertTrue(message.length() < 2000, message);
    assertTrue(message.endsWith(" more"), message);
  }

  // The Service of the same name

  @Test
  void aServiceOfSomeoneElseIsRefusedOnCreate() throws Exception {
    JsonNode response = validate(review("create"), found(null), ANY_NETWORK);

    assertFalse(response.path("allowed").asBoolean());
    assertEquals(
        "metadata.name: \"corens\": must not be the name of a Service that this NetService does not"
            + " own; Service shop/corens exists",
        response.path("status").path("message").asText());
  }

  @Test
  void aServiceThatBelongsToAnotherObjectIsRefusedOnCreate() throws Exception {
    for (OwnerReference owner :
        List.of(
            owner("apps/v1", "Deployment", "corens", UID),
            owner("example.org/v1", "NetService", "corens", UID),
            owner("netservice.cni.cncf.io/v1alpha1", "NetService", "other", UID))) {
      JsonNode response = validate(review("create"), found(owner), ANY_NETWORK);

      assertFalse(response.path("allowed").asBoolean(), owner::toString);
      assertTrue(
          response
              .path("status")
              .path("message")
              .asText()
              .endsWith("exists and belongs to " + owner.getKind() + " " + owner.getName()));
    }
  }

  @Test
  void theServiceOfAPredecessorOfTheSameNameDoesNotMatter() throws Exception {
    assertAllowed(
        validate(
            review("create"),
            found(owner("netservice.cni.cncf.io/v1", "NetService", "corens", "gone")),
            ANY_NETWORK));
  }

  @Test
  void theServiceOfTheOneThatIsMigratedIsHandedOverLater() throws Exception {
    ServiceLookup services =
        found(owner("svcctl.metaswitch.com/v1alpha1", "NetService", "corens", "old"));
    assertFalse(validate(review("create"), services, ANY_NETWORK).path("allowed").asBoolean());

    assertAllowed(
        validate(
            review("create")
                .with(
                    "/object/metadata/annotations",
                    "{\"netservice.cni.cncf.io/migrated-from\":\"{}\"}"),
            services,
            ANY_NETWORK));
  }

  @Test
  void aConflictIsOnlyAWarningOnUpdate() throws Exception {
    JsonNode response = validate(review("update"), found(null), ANY_NETWORK);

    assertTrue(response.path("allowed").asBoolean());
    assertTrue(
        response.path("warnings").path(0).asText().endsWith("Service shop/corens exists"),
        response::toString);
  }

  @Test
  void theOwnServiceIsKnownByTheUid() throws Exception {
    String api = "netservice.cni.cncf.io/v1alpha1";

    assertAllowed(
        validate(review("update"), found(owner(api, "NetService", "corens", UID)), ANY_NETWORK));
    assertEquals(
        1,
        validate(review("update"), found(owner(api, "NetService", "corens", "x")), ANY_NETWORK)
            .path("warnings")
            .size());
  }

  @Test
  void withoutAnAnswerTheObjectIsAdmittedWithAWarning() throws Exception {
    JsonNode response =
        validate(
            review("create"),
            (namespace, name) -> {
              throw new LookupException("get Service", null);
            },
            ANY_NETWORK);

    assertTrue(response.path("allowed").asBoolean());
    assertEquals(1, response.path("warnings").size());
  }

  // The network

  @ParameterizedTest
  @CsvSource({"shop/core, true", "default/core, true", "networks/core, false"})
  void networkOfAnotherNamespaceIsRefusedWhereNamespacesAreIsolated(String network, boolean allowed)
      throws Exception {
    JsonNode response =
        response(
            AdmissionHandler.validating(
                NO_SERVICE, ANY_NETWORK, NamespaceIsolation.of(true, List.of("default")), Set.of()),
            review("create").with("/object/spec/netAttachDef", "\"" + network + "\""));
    assertEquals(allowed, response.path("allowed").asBoolean());
    assertEquals(
        allowed
            ? ""
            : "spec.netAttachDef: \"networks/core\": networks are isolated by namespace: must be"
                + " one of namespace shop or of default",
        message(response));
  }

  // Listed namespaces

  @Test
  void nothingIsLookedUpInANamespaceThatIsNotListed() throws Exception {
    ServiceLookup noLook =
        (namespace, name) -> {
          throw new AssertionError("must not look");
        };
    JsonNode response =
        response(
            AdmissionHandler.validating(
                noLook, ANY_NETWORK, NamespaceIsolation.off(), Set.of("networks", "bar")),
            review("create"));
    assertTrue(response.path("allowed").asBoolean());
    assertEquals(
        "metadata.namespace: \"shop\": nothing is published from here, but from bar, networks"
            + " alone",
        response.path("warnings").path(0).asText());
  }

  @Test
  void listedNamespaceIsLookedAfter() throws Exception {
    JsonNode response =
        response(
            AdmissionHandler.validating(
                NO_SERVICE, ANY_NETWORK, NamespaceIsolation.off(), Set.of("shop")),
            review("create"));
    assertTrue(response.path("allowed").asBoolean());
    assertEquals(0, response.path("warnings").size());
  }

  @Test
  void aNetworkThatDoesNotExistIsAWarning() throws Exception {
    List<String> asked = new ArrayList<>();
    JsonNode response =
        validate(
            review("create"),
            NO_SERVICE,
            network -> {
              asked.add(network.toString());
              return false;
            });

    assertTrue(response.path("allowed").asBoolean());
    assertEquals(List.of("shop/core"), asked);
    assertEquals(
        "spec.netAttachDef: \"shop/core\": there is no such NetworkAttachmentDefinition",
        response.path("warnings").path(0).asText());
  }

  @Test
  void aLongWarningIsCutToWhatTheApiServerShows() throws Exception {
    String name = "a".repeat(250);
    JsonNode response =
        validate(
            review("create").with("/object/spec/netAttachDef", "\"" + name + "\""),
            NO_SERVICE,
            network -> false);

    assertTrue(response.path("warnings").path(0).asText().length() <= 256);
  }

  @Test
  void aNetworkThatCanNotBeAskedForIsNoWarning() throws Exception {
    assertAllowed(
        validate(
            review("create"),
            NO_SERVICE,
            network -> {
              throw new LookupException("get", null);
            }));
  }

  // Requests

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /operation   | "DELETE"
          /operation   | "CONNECT"
          /subResource | "status"
          """)
  void whatStoresNoNetServiceIsAllowed(String pointer, String json) throws Exception {
    assertAllowed(
        validate(review("create").spec("{\"netAttachDef\": \"Core\"}").with(pointer, json)));
  }

  @Test
  void anotherKindIsRefused() throws Exception {
    assertTrue(
        message(refused(review("create").with("/kind/kind", "\"Service\""))).startsWith("kind: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /uid       | null       | request.uid: must be given
          /uid       | 1          | request.uid: must be a string
          /operation | "PATCH"    | request.operation: "PATCH": must be CREATE, UPDATE, DELETE or CONNECT
          /operation | {}         | request.operation: must be a string
          /namespace | []         | request.namespace: must be a string
          /object    | null       | request.object: must be an object
          /object    | [1]        | request.object: must be an object
          """)
  void aRequestThatIsNoneIsABadReview(String pointer, String json, String message) {
    assertBad(review("create").with(pointer, json).bytes(), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                  | must be an AdmissionReview
          x                                   | not JSON: Unrecognized token
          [                                   | not JSON: Unexpected end-of-input
          null                                | must be an AdmissionReview
          []                                  | must be an AdmissionReview
          {}                                  | must be an AdmissionReview
          {} {}                               | not JSON: Trailing token
          {"kind": "a", "kind": "b"}          | not JSON: Duplicate field 'kind'
          {"kind": {"a": 1}}                  | must be an AdmissionReview
          {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1beta1", "request": {}} | must be an AdmissionReview
          {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1"} | request: must be an object
          """)
  void whatIsNoReviewIsSaidInOneLine(String body, String message) {
    assertBad(body.getBytes(StandardCharsets.UTF_8), message);
  }

  @Test
  void endlessNestingAndBrokenTextAreBadReviews() {
    String tooDeep = "not JSON: Document nesting depth (1001) exceeds the maximum allowed (1000";
    assertBad("[".repeat(3_000_000).getBytes(StandardCharsets.UTF_8), tooDeep);
    assertBad("{\"a\":".repeat(1_000_000).getBytes(StandardCharsets.UTF_8), tooDeep);
    assertBad(("[".repeat(1001) + "]".repeat(1001)).getBytes(StandardCharsets.UTF_8), tooDeep);
    assertBad(new byte[] {'"', (byte) 0xc3, '"'}, "not JSON: ");
    assertBad(("\"" + "\n\u202e" + "\"").getBytes(StandardCharsets.UTF_8), "not JSON: ");
    assertBad(("1" + "0".repeat(5000)).getBytes(StandardCharsets.UTF_8), "not JSON: ");
  }

  @Test
  void aKeyThatComesTwiceInTheObjectIsABadReview() {
    String twice =
        new String(review("create").bytes(), StandardCharsets.UTF_8)
            .replace("\"type\":\"Headless\"", "\"type\":\"Headless\",\"type\":\"ClusterIP\"");

    assertBad(twice.getBytes(StandardCharsets.UTF_8), "not JSON: Duplicate field 'type'");
  }

  @Test
  void aNumberOfManyDigitsIsNotRepeatedWhole() throws Exception {
    String message =
        message(
            refused(
                review("create")
                    .with("/object/spec/ports", "[{\"port\":1" + "0".repeat(900) + "}]")));

    assertTrue(message.startsWith("spec.ports[0].port: 1000"), message);
    assertTrue(message.length() < 200, message);
  }

  @Test
  void nestingWithinBoundsIsAllowed() throws Exception {
    String deep = "[".repeat(900) + "]".repeat(900);

    assertAllowed(validate(review("create").with("/object/spec/later", deep)));
    assertTrue(mutate(review("create").with("/object/spec/later", deep)).has("patch"));
  }

  private static void assertBad(byte[] body, String message) {
    String shown =
        assertThrows(BadReviewException.class, () -> AdmissionHandler.mutating().handle(body))
            .getMessage();
    assertTrue(shown.startsWith(message), shown);
    assertTrue(shown.length() < 400 && shown.lines().count() == 1, shown);
  }

  private static void assertAllowed(JsonNode response) {
    assertTrue(response.path("allowed").asBoolean(), response::toString);
    assertFalse(response.has("warnings"), response::toString);
  }

  /** The refusal that comes from {@code /mutate} and, the same, from {@code /validate}. */
  private static JsonNode refused(ReviewFile review) throws BadReviewException, IOException {
    JsonNode response = mutate(review);
    assertFalse(response.path("allowed").asBoolean(true), response::toString);
    assertFalse(response.has("patch"), response::toString);
    assertEquals(response, validate(review));
    return response;
  }

  private static String message(JsonNode refusal) {
    return refusal.path("status").path("message").asText();
  }

  private static JsonNode mutate(ReviewFile review) throws BadReviewException, IOException {
    return response(AdmissionHandler.mutating(), review);
  }

  private static JsonNode validate(ReviewFile review) throws BadReviewException, IOException {
    return validate(review, NO_SERVICE, ANY_NETWORK);
  }

  private static JsonNode validate(
      ReviewFile review, ServiceLookup services, NetworkLookup networks)
      throws BadReviewException, IOException {
    return response(
        AdmissionHandler.validating(services, networks, NamespaceIsolation.off(), Set.of()),
        review);
  }

  private static JsonNode response(AdmissionHandler handler, ReviewFile review)
      throws BadReviewException, IOException {
    JsonNode answer = Json.MAPPER.readTree(handler.handle(review.bytes()).review());
    assertEquals("AdmissionReview", answer.path("kind").asText());
    assertEquals("admission.k8s.io/v1", answer.path("apiVersion").asText());
    return answer.path("response");
  }

  private static ServiceLookup found(OwnerReference controller) {
    return (namespace, name) -> {
      assertEquals("shop/corens", namespace + "/" + name);
      return Optional.of(new FoundService(Optional.ofNullable(controller)));
    };
  }

  private static OwnerReference owner(String apiVersion, String kind, String name, String uid) {
    return new OwnerReferenceBuilder()
        .withApiVersion(apiVersion)
        .withKind(kind)
        .withName(name)
        .withUid(uid)
        .withController(true)
        .build();
  }
}
