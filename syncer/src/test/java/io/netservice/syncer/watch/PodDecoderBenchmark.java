package io.netservice.syncer.watch;

import io.netservice.network.NetworkStatus;
import io.netservice.network.NetworkStatusParser;
import io.netservice.syncer.Microbenchmark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/** What it costs to read one event of a pod, and the network status in it. */
public class PodDecoderBenchmark extends Microbenchmark {

  private static final String STATUS =
      "[{\"name\":\"cbr0\",\"interface\":\"eth0\",\"ips\":[\"10.244.1.7\"],"
          + "\"mac\":\"5e:aa:51:11:22:33\",\"default\":true,\"dns\":{}},"
          + "{\"name\":\"networks/core\",\"interface\":\"net1\","
          + "\"ips\":[\"10.10.0.7\",\"fd00:10::7\"],\"mac\":\"5e:aa:51:11:22:34\",\"dns\":{}}]";

  private final byte[] event =
      ("{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{"
              + "\"name\":\"db-5f6d8c9b7-x2x4z\",\"generateName\":\"db-5f6d8c9b7-\","
              + "\"namespace\":\"shop\",\"uid\":\"0b1ff7a8-5a4c-4a6e-9df0-1c6de0d3a0aa\","
              + "\"resourceVersion\":\"123456\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\","
              + "\"labels\":{\"app\":\"db\",\"pod-template-hash\":\"5f6d8c9b7\"},"
              + "\"annotations\":{\"k8s.v1.cni.cncf.io/networks\":\"networks/core\","
              + "\"k8s.v1.cni.cncf.io/network-status\":\""
              + STATUS.replace("\"", "\\\"")
              + "\"}},\"spec\":{\"volumes\":[{\"name\":\"token\",\"projected\":{\"sources\":["
              + "{\"serviceAccountToken\":{\"expirationSeconds\":3607,\"path\":\"token\"}}]}}],"
              + "\"containers\":[{\"name\":\"db\",\"image\":\"registry.example.com/db:1.2.3\","
              + "\"ports\":[{\"name\":\"sql\",\"containerPort\":5432,\"protocol\":\"TCP\"}],"
              + "\"resources\":{\"limits\":{\"memory\":\"1Gi\"},\"requests\":{\"cpu\":\"1\"}}}],"
              + "\"nodeName\":\"node-17\",\"serviceAccountName\":\"default\"},\"status\":{"
              + "\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
              + "\"lastProbeTime\":null,\"lastTransitionTime\":\"2026-01-01T00:00:05Z\"}],"
              + "\"hostIP\":\"192.168.0.17\",\"podIP\":\"10.244.1.7\"}}}")
          .getBytes(StandardCharsets.UTF_8);

  private final PodDecoder decoder = new PodDecoder(false, new SharedStrings());

  /** One event of a watch of about 1.8 KB. */
  @Benchmark
  public Object readEvent() throws IOException {
    return WatchEvent.read(event, 0, event.length, decoder);
  }

  /** The network status alone. */
  @Benchmark
  public NetworkStatus parseNetworkStatus() {
    return NetworkStatusParser.parse(STATUS, "shop");
  }
}
