package io.netservice.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netservice.controlplane.ControlPlane.ControlPlaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads where the control plane can't even be built. */
class ControlPlaneTest {

  private static final String HOME = "netservice.controlplane";

  @TempDir private Path home;
  private String before;

  @BeforeEach
  void setHome() {
    before = System.setProperty(HOME, home.toString());
  }

  @AfterEach
  void resetHome() {
    if (before == null) {
      System.clearProperty(HOME);
    } else {
      System.setProperty(HOME, before);
    }
  }

  private String failure(String build) throws IOException {
    Files.writeString(home.resolve("build"), build);
    return assertThrows(
            ControlPlaneException.class, () -> ControlPlane.start(ControlPlane.Options.defaults()))
        .getMessage();
  }

  @Test
  void failureToBuildCarriesTheLastLinesThatTheBuildTold() throws IOException {
    assertEquals(
        "the control plane can't be built: bash "
            + home.resolve("build")
            + " etcd kube-apiserver kube-controller-manager kubectl ended with exit code 3;"
            + " the last lines it told:\n"
            + IntStream.rangeClosed(6, 20)
                .mapToObj(line -> "line " + line)
                .collect(Collectors.joining("\n")),
        failure("echo /somewhere; for i in {1..20}; do echo \"line $i\" >&2; done; exit 3"));
  }

  @Test
  void buildThatNamesNoFolderHasFailed() throws IOException {
    assertEquals(
        "the control plane can't be built: bash "
            + home.resolve("build")
            + " etcd kube-apiserver kube-controller-manager kubectl ended with exit code 0;"
            + " the last lines it told:\n",
        failure("exit 0"));
  }
}
