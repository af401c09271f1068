package io.netservice.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceIsolationTest {

  @ParameterizedTest
  @CsvSource({
    "true,  shop/core,     true",
    "true,  default/core,  true",
    "true,  shared/core,   true",
    "true,  networks/core, false",
    "true,  sho/core,      false",
    "false, networks/core, true"
  })
  void namespaceMayNameItsOwnNetworksAndGlobalOnes(boolean on, String network, boolean may) {
    Optional<String> refusal =
        NamespaceIsolation.of(on, List.of("default", " shared ", ""))
            .refusal(NetworkName.parse(network, "shop"), "shop");
    assertEquals(
        may
            ? Optional.empty()
            : Optional.of(
                "networks are isolated by namespace: must be one of namespace shop or of default,"
                    + " shared"),
        refusal);
  }
}
