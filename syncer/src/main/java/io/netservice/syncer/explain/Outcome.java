package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.OwnedObjectJson;
import io.netservice.syncer.plan.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What would come of a NetService.
 *
 * @param explanation of it, with the conditions that it would have
 * @param objects the Service, the EndpointSlices and the Endpoints that there would be
 */
record Outcome(Explanation explanation, List<JsonNode> objects) {

  Outcome {
    objects = List.copyOf(objects);
  }

  /** The Service after a change, with the families that a cluster with both would give it. */
  static Optional<Service> serviceAfter(Plan.ServiceChange change) {
    if (change instanceof Plan.ServiceChange.Create create) {
      return Optional.of(withFamilies(create.service()));
    } else if (change instanceof Plan.ServiceChange.Update update) {
      return Optional.of(update.service());
    }
    return Optional.empty();
  }

  private static Service withFamilies(Service service) {
    List<String> given = service.getSpec().getIpFamilies();
    return given != null && !given.isEmpty()
        ? service
        : new ServiceBuilder(service).editSpec().withIpFamilies("IPv4", "IPv6").endSpec().build();
  }

  /** What there is after {@code plan} has been carried out on {@code current}. */
  static List<JsonNode> objects(Current current, Plan plan) {
    Map<String, OwnedObject> owned = new TreeMap<>();
    current.slices().forEach(slice -> owned.put(key(slice), slice));
    current.endpoints().ifPresent(endpoints -> owned.put(key(endpoints), endpoints));
    plan.updates().forEach(object -> owned.put(key(object), object));
    plan.creates().forEach(object -> owned.put(key(object), object));
    plan.deletes().forEach(object -> owned.remove(key(object)));
    List<JsonNode> objects = new ArrayList<>();
    current.service().ifPresent(service -> objects.add(Facts.MAPPER.valueToTree(service)));
    owned.values().forEach(object -> objects.add(json(object)));
    return objects;
  }

  private static String key(OwnedObject object) {
    return object.kind() + "/" + object.metadata().getName();
  }

  private static JsonNode json(OwnedObject object) {
    try {
      return Facts.MAPPER.readTree(OwnedObjectJson.json(object));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
