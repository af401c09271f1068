package io.netservice.syncer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatus;
import io.netservice.syncer.plan.PodView;
import io.netservice.syncer.watch.PodDecoder.WatchedPod;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchEventTest {

  private static final String POD =
      """
      {"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"shop","uid":"u-1",
       "resourceVersion":"17","creationTimestamp":"2026-01-01T00:00:00Z",
       "labels":{"app":"db","tier":"back"},
       "annotations":{"x":"{","k8s.v1.cni.cncf.io/network-status":
         "[{\\"name\\":\\"shop/core\\",\\"interface\\":\\"net1\\",\\"ips\\":[\\"10.1.0.2\\"]}]"},
       "managedFields":[{"manager":"kubelet","fieldsV1":{"f:status":{"f:phase":{}}}}]},
       "spec":{"volumes":[{"name":"v","emptyDir":{}}],
        "containers":[{"name":"c","image":"i","ports":[{"containerPort":80},
          {"name":"web","containerPort":8080,"protocol":"TCP"}],"resources":{}}],
        "initContainers":[{"name":"i","ports":[{"name":"once","containerPort":1}]},
          {"name":"s","ports":[{"name":"side","containerPort":2,"protocol":"UDP"}],
           "restartPolicy":"Always"}],
        "restartPolicy":"Always","nodeName":"n1","hostname":"h","subdomain":"db"},
       "status":{"phase":"Running","conditions":[
         {"type":"PodReadyToStartContainers","status":"True"},
         {"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:05Z"}],
        "podIP":"10.0.0.1"}}""";

  private static WatchEvent<WatchedPod> read(String line) throws IOException {
    byte[] bytes = ("##" + line.replace("\n", "")).getBytes(UTF_8);
    return WatchEvent.read(bytes, 2, bytes.length - 2, new PodDecoder(true, new SharedStrings()));
  }

  private static PodView pod(String json) throws IOException {
    return read("{\"type\":\"ADDED\",\"object\":" + json + "}").item().object().view();
  }

  @Test
  void ofAPodWhatThePlannerNeedsIsRead() throws IOException {
    WatchEvent<WatchedPod> event = read("{\"type\":\"MODIFIED\",\"object\":" + POD + "}");
    assertEquals(WatchEvent.Type.MODIFIED, event.type());
    assertEquals("17", event.resourceVersion());
    assertEquals("a", event.item().key());
    assertEquals(Map.of("app", "db", "tier", "back"), event.item().object().labels());
    PodView pod = event.item().object().view();
    assertEquals("a", pod.name());
    assertEquals("u-1", pod.uid());
    assertEquals("2026-01-01T00:00:00Z", pod.created());
    assertEquals("n1", pod.nodeName());
    assertEquals("h", pod.hostname());
    assertEquals("db", pod.subdomain());
    assertTrue(pod.ready());
    assertEquals(Instant.parse("2026-01-01T00:00:05Z").getEpochSecond(), pod.readySince());
    assertFalse(pod.terminating());
    assertFalse(pod.finished());
    assertEquals(
        "10.1.0.2",
        ((NetworkStatus.Present) pod.network()).attachments().get(0).addresses().get(0).text());
    assertEquals(
        List.of(
            new PodView.NamedPort("web", Protocol.TCP, 8080),
            new PodView.NamedPort("side", Protocol.UDP, 2)),
        pod.ports());
  }

  @Test
  void aPodWhoseSandboxIsRemadeIsNotReady() throws IOException {
    assertFalse(
        pod(POD.replace(
                "\"PodReadyToStartContainers\",\"status\":\"True\"",
                "\"PodReadyToStartContainers\",\"status\":\"False\""))
            .ready());
  }

  @Test
  void theOldSpellingIsReadWhereTheNewOneIsMissing() throws IOException {
    assertEquals(
        pod(POD).network(), pod(POD.replace("io/network-status", "io/networks-status")).network());
  }

  @Test
  void theOldSpellingIsNotReadBesideTheNewOne() throws IOException {
    String both =
        POD.replace(
            "\"annotations\":{", "\"annotations\":{\"k8s.v1.cni.cncf.io/networks-status\":\"[]\",");
    assertEquals(pod(POD).network(), pod(both).network());
  }

  @Test
  void terminatingAndFinishedPodsAreTold() throws IOException {
    assertTrue(
        pod(POD.replace("\"uid\"", "\"deletionTimestamp\":\"2026-01-01T01:00:00Z\",\"uid\""))
            .terminating());
    assertTrue(pod(POD.replace("Running", "Succeeded")).finished());
    assertTrue(pod(POD.replace("Running", "Failed")).finished());
  }

  @Test
  void aPodWithoutAnythingIsStillAPod() throws IOException {
    PodView pod = pod("{\"metadata\":{\"name\":\"bare\"},\"spec\":null,\"status\":{}}");
    assertEquals("bare", pod.name());
    assertEquals(NetworkStatus.ABSENT, pod.network());
    assertFalse(pod.ready());
  }

  @Test
  void aBookmarkTellsTheVersionAndWhetherAllHasBeenTold() throws IOException {
    String bookmark =
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":"
            + "\"99\",\"creationTimestamp\":null%s},\"spec\":{\"containers\":null},\"status\":{}}}";
    assertEquals("99", read(bookmark.formatted("")).resourceVersion());
    assertFalse(read(bookmark.formatted("")).initialEnd());
    assertTrue(
        read(bookmark.formatted(",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}"))
            .initialEnd());
  }

  @Test
  void anErrorHasACode() throws IOException {
    WatchEvent<WatchedPod> event =
        read(
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"metadata\":{},\"message\":\"too"
                + " old resource version: 1 (2)\",\"reason\":\"Expired\",\"code\":410}}");
    assertEquals(410, event.code());
    assertEquals("too old resource version: 1 (2)", event.message());
  }

  @Test
  void whatIsNoEventIsAnError() {
    assertThrows(IOException.class, () -> read("[]"));
    assertThrows(IOException.class, () -> read("{\"type\":\"NEWS\",\"object\":{}}"));
    assertThrows(IOException.class, () -> read("{\"type\":\"ADDED\"}"));
    assertThrows(IOException.class, () -> read("{\"type\":\"ADDED\",\"object\":{\"metadata\":{"));
  }

  @Test
  void aPageOfAListIsReadObjectByObject() throws IOException {
    String list =
        "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"5\",\"continue\":\"tok\"},"
            + "\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{\"name\":\"b\"}}]}";
    ListPage<WatchedPod> page =
        ListPage.read(list.getBytes(UTF_8), new PodDecoder(false, new SharedStrings()));
    assertEquals("5", page.resourceVersion());
    assertEquals("tok", page.next());
    assertEquals(List.of("a", "b"), page.items().stream().map(Item::key).toList());
  }
}
