package io.netservice.faults.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one slice or Endpoints object shows.
 *
 * @param site the key of the NetService
 */
record Shown(String site, List<Address> addresses) {

  /**
   * An address as a client sees it.
   *
   * @param pod the name of the pod that it is said to be of
   */
  record Address(String address, boolean ready, String pod) {}

  static Shown slice(JsonNode slice) {
    List<Address> addresses = new ArrayList<>();
    for (JsonNode endpoint : slice.path("endpoints")) {
      for (JsonNode address : endpoint.path("addresses")) {
        addresses.add(
            new Address(
                address.asText(),
                endpoint.path("conditions").path("ready").asBoolean(true),
                endpoint.path("targetRef").path("name").asText()));
      }
    }
    JsonNode metadata = slice.path("metadata");
    return new Shown(
        metadata.path("namespace").asText()
            + "/"
            + metadata.path("labels").path("kubernetes.io/service-name").asText(),
        addresses);
  }

  static Shown endpoints(JsonNode endpoints) {
    List<Address> addresses = new ArrayList<>();
    for (JsonNode subset : endpoints.path("subsets")) {
      for (String list : List.of("addresses", "notReadyAddresses")) {
        for (JsonNode address : subset.path(list)) {
          addresses.add(
              new Address(
                  address.path("ip").asText(),
                  list.equals("addresses"),
                  address.path("targetRef").path("name").asText()));
        }
      }
    }
    return new Shown(key(endpoints), addresses);
  }

  /** Namespace and name of any object. */
  static String key(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
  }
}
