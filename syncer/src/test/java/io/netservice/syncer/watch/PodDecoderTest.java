package io.netservice.syncer.watch;

import static io.netservice.syncer.watch.PodBytes.pod;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatus;
import io.netservice.syncer.plan.PodView;
import io.netservice.syncer.protobuf.ProtobufReader;
import io.netservice.syncer.watch.PodDecoder.WatchedPod;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodDecoderTest {

  private static final String NEW = "k8s.v1.cni.cncf.io/network-status";
  private static final String OLD = "k8s.v1.cni.cncf.io/networks-status";
  private static final String STATUS =
      "[{\"name\":\"shop/core\",\"interface\":\"net1\",\"ips\":[\"10.1.0.2\"]}]";

  private final SharedStrings strings = new SharedStrings();

  private Item<WatchedPod> read(byte[] bytes, boolean labels) throws IOException {
    return new PodDecoder(labels, strings).read(new ProtobufReader(bytes, 0, bytes.length));
  }

  private PodView view(PodBytes pod) throws IOException {
    return read(pod.bytes(), false).object().view();
  }

  @Test
  void ofAPodWhatThePlannerNeedsIsRead() throws IOException {
    Item<WatchedPod> item = read(pod("a").annotated(NEW, STATUS).bytes(), true);
    assertEquals("17", item.resourceVersion());
    assertEquals("a", item.key());
    assertEquals(Map.of("app", "db", "tier", "back"), item.object().labels());
    PodView pod = item.object().view();
    assertEquals("a", pod.name());
    assertEquals("u-1", pod.uid());
    assertEquals(Instant.parse("2026-01-01T00:00:00Z").getEpochSecond(), pod.created());
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
  void labelsThatNobodyNeedsAreNotRead() throws IOException {
    assertEquals(Map.of(), read(pod("a").bytes(), false).object().labels());
  }

  @Test
  void whatManyPodsHaveIsOneObject() throws IOException {
    PodView a = view(pod("a"));
    PodView b = view(pod("b"));
    assertSame(a.nodeName(), b.nodeName());
    assertSame(a.subdomain(), b.subdomain());
    assertSame(a.ports().get(0).name(), b.ports().get(0).name());
  }

  @Test
  void aPodWhoseSandboxIsRemadeIsNotReady() throws IOException {
    assertTrue(view(pod("a")).ready());
    assertFalse(view(pod("a").condition("PodReadyToStartContainers", "False")).ready());
  }

  @Test
  void aPodThatIsNotReadyIsNot() throws IOException {
    assertFalse(view(pod("a").condition("Ready", "False")).ready());
    assertFalse(view(pod("a").condition("Ready", "Unknown")).ready());
  }

  @Test
  void theOldSpellingIsReadWhereTheNewOneIsMissing() throws IOException {
    NetworkStatus expected = view(pod("a").annotated(NEW, STATUS)).network();
    assertEquals(expected, view(pod("a").annotated(OLD, STATUS)).network());
    assertEquals(expected, view(pod("a").annotated(OLD, "[]").annotated(NEW, STATUS)).network());
    assertEquals(expected, view(pod("a").annotated(NEW, STATUS).annotated(OLD, "[]")).network());
  }

  @Test
  void textBeyondAsciiIsReadAsItIs() throws IOException {
    String malformed = "\u00fc\u20ac\ud83d\ude00";
    assertTrue(
        view(pod("a").annotated(NEW, malformed)).network() instanceof NetworkStatus.Malformed);
    assertEquals("\u00fc", strings.of("\u00fc".getBytes(UTF_8), 0, 2));
  }

  @Test
  void terminatingAndFinishedPodsAreTold() throws IOException {
    assertTrue(view(pod("a").terminating()).terminating());
    assertTrue(view(pod("a").phase("Succeeded")).finished());
    assertTrue(view(pod("a").phase("Failed")).finished());
    assertFalse(view(pod("a").phase("Pending")).finished());
  }

  @Test
  void aPodWithoutAnythingIsStillAPod() throws IOException {
    PodView pod = read(new byte[0], true).object().view();
    assertEquals("", pod.name());
    assertEquals(NetworkStatus.ABSENT, pod.network());
    assertFalse(pod.ready());
  }
}
