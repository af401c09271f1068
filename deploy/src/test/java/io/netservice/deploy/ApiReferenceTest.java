package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed API reference is the one that the CustomResourceDefinition and the code give. */
class ApiReferenceTest {

  private static final Path COMMITTED = Path.of("docs/api.md");

  /**
   * To write a new one: {@code mvn -pl deploy -am test -Dtest=ApiReferenceTest
   * -Dsurefire.failIfNoSpecifiedTests=false -Dapi.write}.
   */
  @Test
  void committedReferenceIsWhatTheDefinitionSays() throws IOException {
    String generated = ApiReference.page();

    if (System.getProperty("api.write") != null) {
      Files.writeString(COMMITTED, generated);
    }

    assertEquals(
        generated,
        Files.readString(COMMITTED),
        "deploy/docs/api.md differs from the CustomResourceDefinition; write it anew with"
            + " mvn -pl deploy -am test -Dtest=ApiReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dapi.write");
  }
}
