package io.netservice.bench.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.bench.cluster.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramsTest {

  @TempDir Path root;

  private String command(Map<String, String> environment) throws Exception {
    Path jar = root.resolve("syncer/target/netservice-syncer.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "");
    return String.join(" ", new Programs(root, environment).command("syncer"))
        .replace(jar.toString(), "JAR");
  }

  @Test
  void syncerIsStartedAsAPersonWould() throws Exception {
    assertEquals("java -jar JAR", command(Map.of()));
  }

  @Test
  void environmentNamesTheJavaAndItsOptions() throws Exception {
    assertEquals(
        "/jdk/bin/java -Xmx64m -XX:+UseSerialGC -jar JAR",
        command(
            Map.of(
                "BENCH_SYNCER_JAVA",
                "/jdk/bin/java",
                "BENCH_SYNCER_JAVA_OPTS",
                " -Xmx64m  -XX:+UseSerialGC ")));
  }

  @Test
  void environmentReplacesTheWholeCommand() throws Exception {
    assertEquals(
        "/opt/start fast",
        command(Map.of("BENCH_SYNCER_COMMAND", "/opt/start fast", "BENCH_SYNCER_JAVA", "x")));
  }

  @Test
  void jarThatIsMissingIsNamed() {
    Programs programs = new Programs(root, Map.of());
    BenchException error = assertThrows(BenchException.class, programs::syncer);
    assertTrue(error.getMessage().contains("netservice-syncer.jar is missing"));
  }

  @Test
  void whyThereIsNoClassArchiveIsTold() throws Exception {
    Path target = Files.createDirectories(root.resolve("syncer/target"));
    Files.writeString(target.resolve("netservice-syncer.jar"), "");
    Files.writeString(target.resolve("jvm.options"), "-XX:+NoSuchOption");
    Programs programs = new Programs(root, Map.of());
    BenchException error = assertThrows(BenchException.class, programs::syncer);
    assertTrue(error.getMessage().contains("NoSuchOption"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "label", "label=", "=/jdk25/bin/java"})
  void anotherJvmNeedsLabelAndJava(String text) {
    assertThrows(IllegalArgumentException.class, () -> new Programs(root, Map.of()).syncerOn(text));
  }

  @Test
  void furtherSyncerHasALabelAndACommand() {
    Subject subject = Programs.syncer("jdk25=/jdk25/bin/java -jar a=b.jar");
    assertEquals("jdk25", subject.id());
    assertEquals(
        List.of("/jdk25/bin/java", "-jar", "a=b.jar", "--kubeconfig"),
        subject.command().subList(0, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "label", "label=", "=command"})
  void furtherSyncerNeedsBoth(String text) {
    assertThrows(IllegalArgumentException.class, () -> Programs.syncer(text));
  }
}
