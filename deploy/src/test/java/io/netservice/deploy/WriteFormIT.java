package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.netservice.api.Protocol;
import io.netservice.bench.report.Distribution;
import io.netservice.bench.report.TextTable;
import io.netservice.syncer.apply.OwnedObjectWriter;
import io.netservice.syncer.plan.Hints;
import io.netservice.syncer.plan.OwnedObjectJson;
import io.netservice.syncer.plan.PodRef;
import io.netservice.syncer.plan.SliceEndpoint;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.plan.SlicePort;
import io.netservice.syncer.protobuf.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The ways to write that one endpoint of a full slice is ready or not come to the same. With {@code
 * -Dwrite.forms=300} each is done so often, in turn, and a table says what each costs.
 */
class WriteFormIT {

  private static final int TIMES = Integer.getInteger("write.forms", 2);
  private static final int ENDPOINTS = 100;
  private static final int CHANGED = 17;
  private static final String METADATA_ALONE =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private HttpClient http;
  private String server;
  private String namespace;

  @BeforeEach
  void newNamespace() {
    KubernetesClient client = Cluster.get().client();
    http = client.getHttpClient();
    String master = client.getConfiguration().getMasterUrl();
    server = master.substring(0, master.length() - 1);
    namespace = Cluster.get().newNamespace("forms");
  }

  /** A way to write. */
  private enum Form {
    PROTOBUF_UPDATE("PUT", Envelope.MEDIA_TYPE),
    JSON_UPDATE("PUT", "application/json"),
    JSON_UPDATE_WITHOUT_MANAGED_FIELDS("PUT", "application/json"),
    MERGE_PATCH("PATCH", "application/merge-patch+json"),
    JSON_PATCH("PATCH", "application/json-patch+json"),
    APPLY("PATCH", "application/apply-patch+yaml");

    final String method;
    final String type;

    Form(String method, String type) {
      this.method = method;
      this.type = type;
    }

    String title() {
      return method + " " + object().replace('-', ' ');
    }

    /** The name of the slice that is written so. */
    String object() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What the writes of one form have cost so far. */
  private static final class Cost {
    final List<Double> millis = new ArrayList<>();
    double processorSeconds;
    int bytes;
  }

  @Test
  void allFormsComeToTheSame() throws Exception {
    Map<Form, Cost> costs = new EnumMap<>(Form.class);
    for (Form form : Form.values()) {
      costs.put(form, new Cost());
      // What is applied is made by that.
      if (form != Form.APPLY) {
        send("POST", "", "application/json", OwnedObjectJson.json(slice(form, true)));
      }
    }
    int turns = Math.max(1, TIMES / 20);
    for (int turn = 0; turn < turns; turn++) {
      for (Form form : Form.values()) {
        write(form, TIMES / turns, costs.get(form));
      }
    }
    if (TIMES > 2) {
      print(costs);
    }
  }

  private void write(Form form, int times, Cost cost) throws Exception {
    double before = processorSeconds();
    for (int i = 0; i < times; i++) {
      byte[] body = body(form, i % 2 == 1);
      cost.bytes = body.length;
      long began = System.nanoTime();
      send(form.method, "/" + form.object(), form.type, body);
      cost.millis.add((System.nanoTime() - began) / 1e6);
      if (i < 2) {
        assertEquals(i == 1, isReadyNow(form), form.title());
      }
    }
    cost.processorSeconds += processorSeconds() - before;
  }

  private static void print(Map<Form, Cost> costs) {
    TextTable table = new TextTable(1, "form", "bytes sent", "p50", "p99", "API server's CPU");
    costs.forEach(
        (form, cost) -> {
          Distribution each = Distribution.of(cost.millis);
          table.add(
              List.of(
                  form.title(),
                  "%,d".formatted(cost.bytes),
                  "%.1f ms".formatted(each.median()),
                  "%.1f ms".formatted(each.percentile(99)),
                  "%.2f ms".formatted(1000 * cost.processorSeconds / each.count())));
        });
    System.out.print(table);
  }

  private SliceObject slice(Form form, boolean ready) {
    List<SliceEndpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < ENDPOINTS; i++) {
      boolean isReady = i != CHANGED || ready;
      endpoints.add(
          new SliceEndpoint(
              "10.0.0." + i,
              isReady,
              isReady,
              false,
              "",
              "node-" + i % 9,
              "zone-" + i % 3,
              new PodRef(
                  namespace,
                  "backend-6c8d9f7b5d-%05d".formatted(i),
                  "8f1c0b1e-5d0f-4d5f-9a4e-2a8f0c6f%04x".formatted(i)),
              Hints.NONE));
    }
    ObjectMeta metadata =
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(form.object())
            .withLabels(Map.of("kubernetes.io/service-name", "db"))
            .build();
    return new SliceObject(
        metadata, "IPv4", List.of(new SlicePort("http", Protocol.TCP, 8080, "")), endpoints);
  }

  private byte[] body(Form form, boolean ready) throws Exception {
    SliceObject slice = slice(form, ready);
    return switch (form) {
      case PROTOBUF_UPDATE -> OwnedObjectWriter.protobuf(slice);
      case JSON_UPDATE, APPLY -> OwnedObjectJson.json(slice);
      case JSON_UPDATE_WITHOUT_MANAGED_FIELDS -> {
        ObjectNode json = (ObjectNode) MAPPER.readTree(OwnedObjectJson.json(slice));
        ((ObjectNode) json.get("metadata")).putArray("managedFields").addObject();
        yield MAPPER.writeValueAsBytes(json);
      }
      case MERGE_PATCH -> {
        ObjectNode patch = MAPPER.createObjectNode();
        patch.set("endpoints", MAPPER.readTree(OwnedObjectJson.json(slice)).get("endpoints"));
        yield MAPPER.writeValueAsBytes(patch);
      }
      case JSON_PATCH ->
          """
          [{"op":"test","path":"/endpoints/%1$d/addresses/0","value":"10.0.0.%1$d"},
          {"op":"replace","path":"/endpoints/%1$d/conditions/ready","value":%2$b},
          {"op":"replace","path":"/endpoints/%1$d/conditions/serving","value":%2$b}]"""
              .formatted(CHANGED, ready)
              .getBytes(StandardCharsets.UTF_8);
    };
  }

  private byte[] send(String method, String path, String type, byte[] body) throws Exception {
    HttpRequest.Builder builder = http.newHttpRequestBuilder().post(type, body);
    return exchange(
        builder
            .method(method, type, (String) null)
            .uri(collection() + path + "?fieldManager=forms" + force(type))
            .header("Accept", METADATA_ALONE)
            .build());
  }

  private static String force(String type) {
    return type.equals(Form.APPLY.type) ? "&force=true" : "";
  }

  private String collection() {
    return server + "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
  }

  private boolean isReadyNow(Form form) throws Exception {
    JsonNode slice = MAPPER.readTree(get(collection() + "/" + form.object()));
    return slice.at("/endpoints/" + CHANGED + "/conditions/ready").asBoolean();
  }

  /** Of the API server, since its start. */
  private double processorSeconds() throws Exception {
    return new String(get(server + "/metrics"), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("process_cpu_seconds_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private byte[] get(String uri) throws Exception {
    return exchange(http.newHttpRequestBuilder().uri(uri).build());
  }

  private byte[] exchange(HttpRequest request) throws Exception {
    HttpResponse<byte[]> answer = http.sendAsync(request, byte[].class).get(30, TimeUnit.SECONDS);
    assertEquals(2, answer.code() / 100, () -> new String(answer.body(), StandardCharsets.UTF_8));
    return answer.body();
  }
}
