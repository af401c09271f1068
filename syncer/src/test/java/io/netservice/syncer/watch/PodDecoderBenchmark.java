package io.netservice.syncer.watch;

import io.netservice.network.NetworkStatus;
import io.netservice.network.NetworkStatusParser;
import io.netservice.syncer.Microbenchmark;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;

/** What it costs to read one event of a pod, and the network status in it. */
public class PodDecoderBenchmark extends Microbenchmark {

  private static final String STATUS =
      "[{\"name\":\"cbr0\",\"interface\":\"eth0\",\"ips\":[\"10.244.1.7\"],"
          + "\"mac\":\"5e:aa:51:11:22:33\",\"default\":true,\"dns\":{}},"
          + "{\"name\":\"networks/core\",\"interface\":\"net1\","
          + "\"ips\":[\"10.10.0.7\",\"fd00:10::7\"],\"mac\":\"5e:aa:51:11:22:34\",\"dns\":{}}]";

  private final byte[] event =
      PodBytes.pod("db-5f6d8c9b7-x2x4z")
          .annotated("k8s.v1.cni.cncf.io/networks", "networks/core")
          .annotated(NetworkStatusParser.ANNOTATION, STATUS)
          .annotated("not-read", "x".repeat(4_000))
          .event("MODIFIED");

  private final ProtobufFormat<?> format =
      new ProtobufFormat<>(new PodDecoder(false, new SharedStrings()));

  /** One event of a watch of about 5 KB. */
  @Benchmark
  public Object readEvent() throws IOException {
    return format.event(event, 0, event.length);
  }

  /** The network status alone. */
  @Benchmark
  public NetworkStatus parseNetworkStatus() {
    return NetworkStatusParser.parse(STATUS, "shop");
  }
}
