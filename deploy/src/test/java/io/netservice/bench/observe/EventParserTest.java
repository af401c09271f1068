package io.netservice.bench.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventParserTest {

  private final EventParser parser = new EventParser(Publication.NETSERVICE);

  private Optional<String> shown(String event) {
    return parser.parse(event.getBytes(StandardCharsets.UTF_8)).map(Shown::toString);
  }

  private static String slice(String type, String manager, String endpoints) {
    return """
    {"type":"%s","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1",
    "metadata":{"name":"web-1-abc","namespace":"shop","uid":"1","labels":{
    "kubernetes.io/service-name":"web-1","endpointslice.kubernetes.io/managed-by":"%s"},
    "ownerReferences":[{"name":"other"}],"managedFields":[{"fieldsV1":{"f:endpoints":{}}}]},
    "addressType":"IPv4","endpoints":%s,"ports":[{"name":"http","port":8080}]}}"""
        .formatted(type, manager, endpoints);
  }

  @Test
  void sliceShowsItsEndpoints() {
    assertEquals(
        Optional.of("shop/web-1-abc of shop/web-1: [1, 258, 3] [true, false, true]"),
        shown(
            slice(
                "MODIFIED",
                "syncer.netservice.cni.cncf.io",
                """
                [{"addresses":["10.144.0.1"],"conditions":{"ready":true,"serving":true,"terminating":false},
                "targetRef":{"kind":"Pod","name":"a"},"nodeName":"n"},
                {"conditions":{"ready":false,"serving":true},"addresses":["10.144.1.2","10.144.0.9"]},
                {"addresses":["10.144.0.3"],"conditions":{}}]""")));
  }

  @Test
  void addressOfTheOtherNetworkIsNoPods() {
    assertEquals(
        Optional.of("shop/web-1-abc of shop/web-1: [-1] [true]"),
        shown(
            slice("ADDED", "syncer.netservice.cni.cncf.io", "[{\"addresses\":[\"10.16.0.1\"]}]")));
  }

  @Test
  void sliceWithoutEndpointsShowsNothing() {
    assertEquals(
        Optional.of("shop/web-1-abc of shop/web-1: [] []"),
        shown(slice("ADDED", "syncer.netservice.cni.cncf.io", "null")));
  }

  @Test
  void sliceThatWasDeletedShowsNothing() {
    assertEquals(
        Optional.of("shop/web-1-abc of shop/web-1: [] []"),
        shown(
            slice(
                "DELETED", "syncer.netservice.cni.cncf.io", "[{\"addresses\":[\"10.144.0.1\"]}]")));
  }

  @Test
  void sliceOfAnotherManagerIsNotOurs() {
    assertEquals(
        Optional.empty(), shown(slice("ADDED", "endpointslice-controller.k8s.io", "null")));
  }

  @Test
  void endpointsShowReadyAndNotReadyAddresses() {
    assertEquals(
        Optional.of("shop/web-1 of shop/web-1: [1, 2, 3] [true, true, false]"),
        shown(
            """
            {"type":"ADDED","object":{"kind":"Endpoints","apiVersion":"v1","metadata":{"name":"web-1",
            "namespace":"shop"},"subsets":[{"addresses":[
            {"ip":"10.144.0.1","nodeName":"n","targetRef":{"kind":"Pod"}},{"ip":"10.144.0.2"}],
            "notReadyAddresses":[{"ip":"10.144.0.3"}],"ports":[{"port":1}]}]}}"""));
  }

  @Test
  void errorOfTheWatchIsReported() {
    String event =
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"metadata\":{},\"code\":410}}";
    BenchException error = assertThrows(BenchException.class, () -> shown(event));
    assertEquals("the watch says: " + event, error.getMessage());
  }
}
