package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.netservice.api.Protocol;
import io.netservice.syncer.apply.OwnedObjectWriter;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Hints;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.PodRef;
import io.netservice.syncer.plan.SliceEndpoint;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.plan.SlicePort;
import io.netservice.syncer.protobuf.Envelope;
import io.netservice.syncer.watch.OwnedObjects;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the syncer writes as protocol buffers is what the API server understands, to the field. */
class WireFormatIT {

  private static final List<SlicePort> PORTS =
      List.of(
          new SlicePort("", Protocol.TCP, 80, ""),
          new SlicePort("dns", Protocol.UDP, 53, ""),
          new SlicePort("signal", Protocol.SCTP, 65535, "example.com/m3ua"));

  private KubernetesClient client;
  private String namespace;
  private PodRef pod;

  @BeforeEach
  void newNamespace() throws Exception {
    client = Cluster.get().client();
    namespace = Cluster.get().newNamespace("wire");
    pod = new PodRef(namespace, "pod-0", "0b1ff7a8-5a4c-4a6e-9df0-1c6de0d3a0aa");
  }

  @Test
  void slice() throws Exception {
    SliceObject slice =
        new SliceObject(
            metadata(Map.of("kubernetes.io/service-name", "db")),
            "IPv4",
            PORTS,
            List.of(
                new SliceEndpoint(
                    "10.0.0.1", true, true, false, "db-0", "node-1", "z1", pod, Hints.ZONE),
                new SliceEndpoint(
                    "10.0.0.2", true, true, false, "", "node-2", "z2", pod, Hints.ZONE_AND_NODE),
                new SliceEndpoint("10.0.0.3", true, false, true, "", "node-3", "", pod, Hints.NODE),
                new SliceEndpoint("10.0.0.4", false, false, false, "", "", "", null, Hints.NONE)));
    assertTaken("/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices", slice);
  }

  @Test
  void emptySlice() throws Exception {
    assertTaken(
        "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices",
        new SliceObject(metadata(Map.of()), "IPv6", List.of(), List.of()));
  }

  @Test
  void endpoints() throws Exception {
    EndpointsObject endpoints =
        new EndpointsObject(
            metadata(Map.of("a", "b")),
            List.of(
                new EndpointsObject.Subset(
                    PORTS.subList(1, 3),
                    List.of(
                        new EndpointsObject.Address("10.0.0.1", "db-0", "node-1", pod),
                        new EndpointsObject.Address("fd00::2", "", "", null)),
                    List.of(new EndpointsObject.Address("10.0.0.3", "", "node-3", pod))),
                new EndpointsObject.Subset(
                    PORTS.subList(0, 1),
                    List.of(new EndpointsObject.Address("10.0.0.4", "", "", null)),
                    List.of())));
    assertTaken("/api/v1/namespaces/" + namespace + "/endpoints", endpoints);
  }

  @Test
  void managedFieldsAreClearedUntilSomebodyElseAppliesSome() throws Exception {
    String path = "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
    OwnedObject slice =
        send("POST", path, new SliceObject(metadata(Map.of()), "IPv4", PORTS, List.of()));
    slice.metadata().getLabels().put("written", "again");
    send("PUT", path + "/db", slice);
    assertEquals(List.of(), managers());

    client
        .resource(
            new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("db")
                .addToLabels("a", "b")
                .endMetadata()
                .withAddressType("IPv4")
                .build())
        .fieldManager("somebody-else")
        .serverSideApply();
    List<String> others = managers();
    assertTrue(others.contains("somebody-else"), others::toString);

    OwnedObject read = send("GET", path + "/db", slice);
    read.metadata().getLabels().put("c", "d");
    send("PUT", path + "/db", read);
    assertTrue(managers().containsAll(others), () -> managers() + " should hold " + others);
  }

  private List<String> managers() {
    return client
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(namespace)
        .withName("db")
        .get()
        .getMetadata()
        .getManagedFields()
        .stream()
        .map(ManagedFieldsEntry::getManager)
        .toList();
  }

  private ObjectMeta metadata(Map<String, String> labels) {
    return new ObjectMetaBuilder()
        .withName("db")
        .withNamespace(namespace)
        .withLabels(labels)
        .withAnnotations(Map.of("note", "größer – 大きい 😀", "empty", ""))
        .withFinalizers("example.com/keep")
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName("db")
        .withUid(uidOfOwner("db"))
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName("other")
        .withUid(uidOfOwner("other"))
        .endOwnerReference()
        .build();
  }

  /** There it is: what has no owner that exists is soon deleted by the garbage collector. */
  private String uidOfOwner(String name) {
    return client
        .configMaps()
        .inNamespace(namespace)
        .resource(new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().build())
        .serverSideApply()
        .getMetadata()
        .getUid();
  }

  /** Creates it, then replaces it as it came back. */
  private void assertTaken(String path, OwnedObject sent) throws Exception {
    OwnedObject created = send("POST", path, sent);
    assertEquals(sent.with(created.metadata()), created);
    ObjectMeta wanted = sent.metadata();
    ObjectMeta got = created.metadata();
    assertEquals(wanted.getName(), got.getName());
    assertEquals(wanted.getNamespace(), got.getNamespace());
    assertEquals(wanted.getLabels(), got.getLabels());
    assertEquals(wanted.getAnnotations(), got.getAnnotations());
    assertEquals(wanted.getOwnerReferences(), got.getOwnerReferences());
    assertEquals(wanted.getFinalizers(), got.getFinalizers());

    OwnedObject replaced = send("PUT", path + "/db", created);
    assertEquals(created.with(replaced.metadata()), replaced);
    assertEquals(got.getUid(), replaced.metadata().getUid());
    assertEquals(got.getCreationTimestamp(), replaced.metadata().getCreationTimestamp());

    OwnedObject again = send("PUT", path + "/db", replaced);
    assertEquals(replaced.metadata().getResourceVersion(), again.metadata().getResourceVersion());
  }

  private OwnedObject send(String method, String path, OwnedObject object) throws Exception {
    String master = client.getConfiguration().getMasterUrl();
    HttpRequest.Builder builder = client.getHttpClient().newHttpRequestBuilder();
    if (!method.equals("GET")) {
      builder.post(Envelope.MEDIA_TYPE, OwnedObjectWriter.protobuf(object));
    }
    HttpRequest request =
        builder
            .method(method, Envelope.MEDIA_TYPE, (String) null)
            .uri(
                master.substring(0, master.length() - 1) + path + "?fieldManager=netservice-syncer")
            .header("Accept", "application/json")
            .build();
    HttpResponse<byte[]> answer =
        client.getHttpClient().sendAsync(request, byte[].class).get(30, TimeUnit.SECONDS);
    assertEquals(2, answer.code() / 100, () -> new String(answer.body(), StandardCharsets.UTF_8));
    try (JsonParser json = new JsonFactory().createParser(answer.body())) {
      json.nextToken();
      return object instanceof SliceObject
          ? new OwnedObjects().slice(json)
          : new OwnedObjects().endpoints(json);
    }
  }
}
