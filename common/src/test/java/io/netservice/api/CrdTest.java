package io.netservice.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed CustomResourceDefinition is the one that the types generate. */
class CrdTest {

  private static final String FILE = "netservices.netservice.cni.cncf.io-v1.yml";
  private static final Path COMMITTED =
      Path.of("../deploy/base/crd/netservices.netservice.cni.cncf.io.yaml");

  /** To write a new one: {@code mvn -pl common test -Dtest=CrdTest -Dcrd.write}. */
  @Test
  void committedCrdIsWhatTheTypesGenerate(@TempDir Path folder) throws IOException {
    new CRDGenerator()
        .customResourceClasses(NetService.class)
        .forCRDVersions("v1")
        .withParallelGenerationEnabled(false)
        .withMinQuotes(true)
        .withPostProcessor(new CrdDetails())
        .inOutputDir(folder.toFile())
        .generate();
    String generated = quoted(Files.readString(folder.resolve(FILE)));

    if (System.getProperty("crd.write") != null) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }

    assertEquals(
        Files.readString(COMMITTED),
        generated,
        "deploy/base/crd differs from the types; write it anew with"
            + " mvn -pl common test -Dtest=CrdTest -Dcrd.write");
  }

  /** The words that kubectl, which reads YAML 1.1, would take for booleans, are strings here. */
  private static String quoted(String yaml) {
    return yaml.replaceAll("(?m)^( *- )(True|False)$", "$1\"$2\"");
  }
}
