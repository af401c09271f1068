package io.netservice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class LostThreadTest {

  /** Would go on for good without the thread that does its work. */
  @Command(name = "one-armed")
  static final class OneArmed extends Program {

    public static void main(String[] args) {
      Program.main(new OneArmed(), args);
    }

    @Override
    public Integer call() throws InterruptedException {
      new Thread(
              () -> {
                throw new StackOverflowError("too deep");
              },
              "arm")
          .start();
      Thread.sleep(TimeUnit.MINUTES.toMillis(1));
      return 0;
    }
  }

  @Test
  void programThatLostAThreadStopsAndTellsWhich() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OneArmed.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(1, process.exitValue(), told);
      assertTrue(told.contains("stopped: thread arm has failed"), told);
      assertTrue(told.contains("too deep"), told);
    } finally {
      process.destroyForcibly();
    }
  }
}
