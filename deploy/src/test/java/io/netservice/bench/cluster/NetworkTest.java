package io.netservice.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  @ParameterizedTest
  @CsvSource({
    "0, 10.16.0.0, 10.144.0.0",
    "257, 10.16.1.1, 10.144.1.1",
    "65535, 10.16.255.255, 10.144.255.255",
    "65536, 10.17.0.0, 10.145.0.0",
  })
  void addressTellsThePod(int pod, String ordinary, String additional) {
    assertEquals(ordinary, Network.DEFAULT.address(pod));
    assertEquals(additional, Network.ADDITIONAL.address(pod));
    assertEquals(pod, Network.DEFAULT.pod(ordinary));
    assertEquals(pod, Network.ADDITIONAL.pod(additional));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.16.0",
        "10.16.0.1.2",
        "10.16.0.256",
        "10.16..1",
        "10.16.0.",
        "10.32.0.0",
        "10.15.255.255",
        "10.144.0.1",
        "fd00::1",
        "10.16.0.x",
        "10.16.0.0001",
        "255.255.255.255",
      })
  void otherAddressesTellNoPod(String address) {
    assertEquals(-1, Network.DEFAULT.pod(address));
  }

  @Test
  void podsAreNumberedOnThroughGroups() {
    Population population = Population.of(2, 3, 1).and("warm", 2);
    assertEquals(8, population.pods());
    assertEquals(6, population.last().first());
    assertEquals(
        "0 0 0 1 1 1 2 2",
        String.join(" ", Arrays.stream(population.groupOfPods()).mapToObj(i -> "" + i).toList()));
  }
}
