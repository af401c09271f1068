package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.netservice.network.NetworkName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworksTest {

  private static final NetworkName CORE = new NetworkName("networks", "core");
  private static final NetworkName ACCESS = new NetworkName("networks", "access");

  private final List<String> told = new ArrayList<>();
  private final Networks networks =
      new Networks(network -> told.add(network.toString()), () -> told.add("all"));

  private Networks withCore() {
    networks.put("networks/core", CORE);
    networks.complete(Set.of("networks/core"), "5");
    assertEquals(List.of("all"), told);
    told.clear();
    return networks;
  }

  @Test
  void nothingIsMissingBeforeAllIsTold() {
    networks.put("networks/core", CORE);
    assertFalse(networks.isMissing(ACCESS));
    assertEquals(List.of(), told);
  }

  @Test
  void whatIsNotThereIsMissing() {
    assertFalse(withCore().isMissing(CORE));
    assertTrue(networks.isMissing(ACCESS));
  }

  @Test
  void comingAndGoingIsToldOnce() {
    withCore().put("networks/access", ACCESS);
    networks.put("networks/access", ACCESS);
    networks.remove("networks/core", CORE);
    networks.remove("networks/core", CORE);
    assertEquals(List.of("networks/access", "networks/core"), told);
    assertTrue(networks.isMissing(CORE));
    assertFalse(networks.isMissing(ACCESS));
  }

  @Test
  void whatVanishedUnseenIsTold() {
    withCore().complete(Set.of(), "9");
    assertEquals(List.of("networks/core"), told);
    assertTrue(networks.isMissing(CORE));
  }

  @Test
  void withoutTheKindNothingIsMissingAnyMore() {
    assertTrue(withCore().unavailable(404));
    assertTrue(networks.unavailable(404));
    assertEquals(List.of("all"), told);
    assertFalse(networks.isMissing(ACCESS));
    networks.complete(Set.of(), "12");
    assertEquals(List.of("all", "all"), told);
    assertTrue(networks.isMissing(CORE));
  }

  @Test
  void nameAndVersionAreRead() throws IOException {
    try (JsonParser json =
        new JsonFactory()
            .createParser(
                "{'kind':'PartialObjectMetadata','metadata':{'name':'core','labels':{'name':'x'},"
                        .replace('\'', '"')
                    + "'namespace':'networks','resourceVersion':'7'}}".replace('\'', '"'))) {
      json.nextToken();
      assertEquals(new Item<>("networks/core", "7", CORE), networks.read(json));
    }
  }
}
