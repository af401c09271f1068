package io.netservice.webhook.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.network.NamespaceIsolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The answers to what kube-apiserver 1.37.2 sent, byte for byte, while kubectl created, changed and
 * deleted NetServices. It was recorded between the API server and the webhook, with the webhook
 * configurations asking for every operation and for the status, too: more than the install does.
 * What {@code /mutate} refused never came to {@code /validate}.
 */
class RecordedReviewTest {

  private static final Path FOLDER = Path.of("src/test/resources/recorded");

  private static final String TABLE =
      """
      create                | shop/core   |
      create-dry-run        | shop/core   |
      create-generated-name |             |
      create-server-side    | shop/core   |
      create-wrong-network  |             | spec.netAttachDef: "Core": must be [namespace/]name
      create-wrong-type     |             | spec.ports: "80": must be a list
      update-spec           | shop/access |
      update-applied-again  | shop/access |
      update-labels         |             |
      update-finalizer      |             |
      update-wrong          |             | spec.ports[0].port: 0: must be a number from 1 to 65535
      update-status         |             |
      update-being-deleted  |             |
      delete                |             |
      """;

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = TABLE)
  void aRecordedReviewIsAnswered(String name, String network, String refusal) throws Exception {
    JsonNode mutated = answered(AdmissionHandler.mutating(), name + ".mutate.json");
    assertEquals(refusal == null, mutated.path("allowed").asBoolean(), mutated::toString);
    if (refusal != null) {
      String message = mutated.path("status").path("message").asText();
      assertTrue(message.startsWith(refusal), message);
      return;
    }
    assertEquals(network != null, mutated.has("patch"), mutated::toString);
    if (network != null) {
      assertEquals("JSONPatch", mutated.path("patchType").asText());
      assertEquals(
          Json.MAPPER.readTree(
              "[{\"op\":\"replace\",\"path\":\"/spec/netAttachDef\",\"value\":\""
                  + network
                  + "\"}]"),
          Json.MAPPER.readTree(mutated.path("patch").binaryValue()));
    }
    JsonNode validated =
        answered(
            AdmissionHandler.validating(
                (namespace, service) -> Optional.empty(),
                any -> true,
                NamespaceIsolation.off(),
                Set.of()),
            name + ".validate.json");
    assertEquals(
        Set.of("uid", "allowed"),
        validated.properties().stream().map(field -> field.getKey()).collect(Collectors.toSet()));
    assertTrue(validated.path("allowed").asBoolean(), validated::toString);
  }

  @Test
  void everyRecordIsInTheTable() throws IOException {
    Set<String> inTable =
        TABLE.lines().map(row -> row.replaceFirst(" .*", "")).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertEquals(
          new TreeSet<>(inTable),
          files
              .map(file -> file.getFileName().toString().replaceFirst("\\..*", ""))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  /** The response, which carries the uid of the request. */
  private static JsonNode answered(AdmissionHandler handler, String file) throws Exception {
    byte[] review = Files.readAllBytes(FOLDER.resolve(file));
    JsonNode answer = Json.MAPPER.readTree(handler.handle(review).review());
    assertEquals("AdmissionReview", answer.path("kind").asText());
    assertEquals("admission.k8s.io/v1", answer.path("apiVersion").asText());
    JsonNode uid = Json.MAPPER.readTree(review).path("request").path("uid");
    assertEquals(uid, answer.path("response").path("uid"));
    return answer.path("response");
  }
}
