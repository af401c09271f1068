package io.netservice.syncer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The options that the syncer is started with. */
class OutOfMemoryTest {

  /** What a JVM exits with that was told to do so when memory is used up. */
  private static final int OUT_OF_MEMORY = 3;

  /** One thread uses up all memory and hides that; another would go on for a minute. */
  static final class Hog {

    private Hog() {}

    public static void main(String[] args) throws InterruptedException {
      Thread hog = new Thread(Hog::takeAll, "hog");
      hog.start();
      Thread.sleep(TimeUnit.MINUTES.toMillis(1));
    }

    private static void takeAll() {
      List<byte[]> taken = new ArrayList<>();
      try {
        while (taken.size() < 1_000_000) {
          taken.add(new byte[1 << 20]);
        }
      } catch (OutOfMemoryError e) {
        System.out.println("half alive after " + taken.size() + " MB");
      }
    }
  }

  @Test
  void programWithoutMemoryEndsRatherThanBeingHalfAlive() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/jvm/jvm.options",
                "-cp",
                System.getProperty("java.class.path"),
                Hog.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(OUT_OF_MEMORY, process.exitValue(), told);
      assertTrue(!told.contains("half alive"), told);
    } finally {
      process.destroyForcibly();
    }
  }
}
