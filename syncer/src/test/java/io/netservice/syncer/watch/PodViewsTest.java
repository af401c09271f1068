package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.netservice.network.NetworkStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodViewsTest {

  private static final String NEW = "k8s.v1.cni.cncf.io/network-status";
  private static final String OLD = "k8s.v1.cni.cncf.io/networks-status";

  private static NetworkStatus network(Map<String, String> annotations) {
    WatchedPod pod = new WatchedPod();
    pod.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName("a")
            .withUid("u")
            .withAnnotations(annotations)
            .build());
    return PodViews.of(pod).network();
  }

  private static String addresses(Map<String, String> annotations) {
    return assertInstanceOf(NetworkStatus.Present.class, network(annotations))
        .attachments()
        .get(0)
        .addresses()
        .toString();
  }

  private static String status(String address) {
    return "[{\"name\":\"core\",\"ips\":[\"" + address + "\"]}]";
  }

  @Test
  void bothSpellingsOfTheAnnotationAreRead() {
    assertEquals("[10.0.0.1]", addresses(Map.of(NEW, status("10.0.0.1"))));
    assertEquals("[10.0.0.2]", addresses(Map.of(OLD, status("10.0.0.2"))));
  }

  @Test
  void olderSpellingCountsOnlyWhereTheFirstIsMissing() {
    assertEquals("[10.0.0.1]", addresses(Map.of(NEW, status("10.0.0.1"), OLD, status("10.0.0.2"))));
    assertInstanceOf(
        NetworkStatus.Malformed.class, network(Map.of(NEW, "broken", OLD, status("10.0.0.2"))));
    assertEquals(NetworkStatus.ABSENT, network(Map.of(NEW, "", OLD, status("10.0.0.2"))));
  }

  @Test
  void withoutAnnotationsThereIsNoStatus() {
    assertEquals(NetworkStatus.ABSENT, network(Map.of()));
    assertEquals(NetworkStatus.ABSENT, network(null));
  }
}
