package io.netservice.bench.subject;

import io.netservice.bench.cluster.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A class archive (JEP 310) of a program for one JVM, from the recorded list of classes that those
 * of the images are made from: the program is measured as its image starts it.
 */
final class ClassArchive {

  private ClassArchive() {}

  /**
   * Makes the archive and gives where it is. The JVM takes no notice of one that does not fit to
   * its version, its options or its jars.
   *
   * @param root the top folder of the repository
   * @param module such as {@code syncer}
   * @param start the java command and its options
   * @param jar what is started
   */
  static Path make(Path root, String module, List<String> start, Path jar) {
    Path folder = root.resolve("deploy/target/bench").toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
      Path archive = Files.createTempFile(folder, module + "-", ".jsa");
      archive.toFile().deleteOnExit();
      List<String> command = new ArrayList<>(start);
      command.addAll(
          List.of(
              "-Xshare:dump",
              "-XX:SharedClassListFile=" + root.resolve("deploy/images/classes/" + module + ".lst"),
              "-XX:SharedArchiveFile=" + archive,
              "-Xlog:disable",
              "-Xlog:all=error:stderr",
              "-cp",
              jar.toString()));
      Process dump = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (dump.waitFor() != 0 || Files.size(archive) == 0) {
        throw new BenchException(
            "no class archive of %s could be made: %s".formatted(jar, said.strip()));
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("ended while a class archive was made");
    }
  }
}
