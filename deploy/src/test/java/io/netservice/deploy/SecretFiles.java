package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;

/**
 * The files of a Secret in a folder, as kubelet keeps them: all change at once, by a symbolic link
 * that leads to another folder. None but the owner may read them.
 */
final class SecretFiles {

  private final Path folder;
  private String version = "";

  SecretFiles(Path folder) {
    this.folder = folder;
  }

  Path certificate() {
    return folder.resolve("tls.crt");
  }

  Path key() {
    return folder.resolve("tls.key");
  }

  /** Brings the files up to date; true if they were not. */
  boolean update(Secret secret) throws IOException {
    if (secret.getMetadata().getResourceVersion().equals(version)) {
      return false;
    }
    version = secret.getMetadata().getResourceVersion();
    Path data =
        Files.createDirectory(
            folder.resolve(".." + version),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (String file : List.of("tls.crt", "tls.key")) {
      Files.write(
          Files.createFile(
              data.resolve(file),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
          Base64.getDecoder().decode(secret.getData().get(file)));
      if (!Files.exists(folder.resolve(file))) {
        Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
      }
    }
    Path link = Files.createSymbolicLink(folder.resolve("..next"), data.getFileName());
    Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    return true;
  }
}
