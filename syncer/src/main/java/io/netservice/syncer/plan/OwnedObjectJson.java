package io.netservice.syncer.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes EndpointSlices and Endpoints as the API server shows them, for people to read. */
public final class OwnedObjectJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** About what an endpoint takes. */
  private static final int BYTES_EACH = 256;

  private OwnedObjectJson() {}

  /** The JSON of {@code object}. */
  public static byte[] json(OwnedObject object) {
    if (object instanceof SliceObject slice) {
      return json(slice.endpoints().size(), to -> write(to, slice));
    }
    EndpointsObject endpoints = (EndpointsObject) object;
    int size =
        endpoints.subsets().stream().mapToInt(s -> s.ready().size() + s.notReady().size()).sum();
    return json(size, to -> write(to, endpoints));
  }

  /** Writes one object. */
  @FunctionalInterface
  private interface Content {
    void write(JsonGenerator to) throws IOException;
  }

  private static byte[] json(int endpoints, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024 + endpoints * BYTES_EACH);
    try (JsonGenerator to = MAPPER.createGenerator(bytes)) {
      to.writeStartObject();
      content.write(to);
      to.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator to, SliceObject slice) throws IOException {
    to.writeStringField("apiVersion", "discovery.k8s.io/v1");
    to.writeStringField("kind", SliceObject.KIND);
    to.writePOJOField("metadata", slice.metadata());
    to.writeStringField("addressType", slice.addressType());
    to.writeArrayFieldStart("endpoints");
    for (SliceEndpoint endpoint : slice.endpoints()) {
      write(to, endpoint);
    }
    to.writeEndArray();
    // A port of a slice has a name, if only an empty one; one of Endpoints has none then.
    write(to, slice.ports(), true);
  }

  private static void write(JsonGenerator to, SliceEndpoint endpoint) throws IOException {
    to.writeStartObject();
    to.writeArrayFieldStart("addresses");
    to.writeString(endpoint.address());
    to.writeEndArray();
    to.writeObjectFieldStart("conditions");
    to.writeBooleanField("ready", endpoint.ready());
    to.writeBooleanField("serving", endpoint.serving());
    to.writeBooleanField("terminating", endpoint.terminating());
    to.writeEndObject();
    optional(to, "hostname", endpoint.hostname());
    optional(to, "nodeName", endpoint.nodeName());
    optional(to, "zone", endpoint.zone());
    reference(to, endpoint.pod());
    hints(to, endpoint);
    to.writeEndObject();
  }

  private static void hints(JsonGenerator to, SliceEndpoint endpoint) throws IOException {
    if (endpoint.hints() == Hints.NONE) {
      return;
    }
    to.writeObjectFieldStart("hints");
    if (endpoint.hints() != Hints.NODE) {
      hint(to, "forZones", endpoint.zone());
    }
    if (endpoint.hints() != Hints.ZONE) {
      hint(to, "forNodes", endpoint.nodeName());
    }
    to.writeEndObject();
  }

  private static void hint(JsonGenerator to, String field, String name) throws IOException {
    to.writeArrayFieldStart(field);
    to.writeStartObject();
    to.writeStringField("name", name);
    to.writeEndObject();
    to.writeEndArray();
  }

  private static void write(JsonGenerator to, EndpointsObject endpoints) throws IOException {
    to.writeStringField("apiVersion", "v1");
    to.writeStringField("kind", EndpointsObject.KIND);
    to.writePOJOField("metadata", endpoints.metadata());
    to.writeArrayFieldStart("subsets");
    for (EndpointsObject.Subset subset : endpoints.subsets()) {
      to.writeStartObject();
      addresses(to, "addresses", subset.ready());
      addresses(to, "notReadyAddresses", subset.notReady());
      write(to, subset.ports(), false);
      to.writeEndObject();
    }
    to.writeEndArray();
  }

  private static void addresses(
      JsonGenerator to, String field, List<EndpointsObject.Address> addresses) throws IOException {
    if (addresses.isEmpty()) {
      return;
    }
    to.writeArrayFieldStart(field);
    for (EndpointsObject.Address address : addresses) {
      to.writeStartObject();
      to.writeStringField("ip", address.ip());
      optional(to, "hostname", address.hostname());
      optional(to, "nodeName", address.nodeName());
      reference(to, address.pod());
      to.writeEndObject();
    }
    to.writeEndArray();
  }

  private static void write(JsonGenerator to, List<SlicePort> ports, boolean alwaysNamed)
      throws IOException {
    to.writeArrayFieldStart("ports");
    for (SlicePort port : ports) {
      to.writeStartObject();
      if (alwaysNamed || !port.name().isEmpty()) {
        to.writeStringField("name", port.name());
      }
      to.writeNumberField("port", port.number());
      to.writeStringField("protocol", port.protocol().name());
      optional(to, "appProtocol", port.appProtocol());
      to.writeEndObject();
    }
    to.writeEndArray();
  }

  private static void reference(JsonGenerator to, PodRef pod) throws IOException {
    if (pod != null) {
      to.writeObjectFieldStart("targetRef");
      to.writeStringField("kind", "Pod");
      to.writeStringField("namespace", pod.namespace());
      to.writeStringField("name", pod.name());
      to.writeStringField("uid", pod.uid());
      to.writeEndObject();
    }
  }

  private static void optional(JsonGenerator to, String field, String value) throws IOException {
    if (!value.isEmpty()) {
      to.writeStringField(field, value);
    }
  }
}
