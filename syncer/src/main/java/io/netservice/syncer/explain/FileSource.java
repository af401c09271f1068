package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The objects of YAML or JSON files, one document or many in each. What the files hold is all there
 * is, but for kinds of which they hold nothing: of Nodes and networks it is unknown then which
 * there are. Files that are no objects of interest do no harm.
 */
final class FileSource implements Source {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Of an object that no API server has seen. */
  private static final String NO_UID = "00000000-0000-0000-0000-000000000000";

  private final List<JsonNode> objects = new ArrayList<>();

  /**
   * What {@code files} hold; what has no namespace is in {@code namespace}.
   *
   * @param files a folder stands for all its files that end in yaml, yml or json, {@code -} for
   *     standard input
   * @throws IOException if one can't be read; it is named
   */
  FileSource(List<Path> files, String namespace) throws IOException {
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        try (Stream<Path> inside = Files.walk(file)) {
          for (Path each : inside.filter(FileSource::isManifest).sorted().toList()) {
            read(each, namespace);
          }
        }
      } else {
        read(file, namespace);
      }
    }
  }

  private static boolean isManifest(Path file) {
    return Files.isRegularFile(file) && file.toString().matches(".*\\.(ya?ml|json)");
  }

  private void read(Path file, String namespace) throws IOException {
    try (InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
      Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
      for (Object document : load.loadAllFromInputStream(in)) {
        add(MAPPER.valueToTree(document), namespace);
      }
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw new IOException(file + ": is no YAML: " + e.getMessage(), e);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    }
  }

  private void add(JsonNode document, String namespace) {
    if (!(document instanceof ObjectNode object)) {
      return;
    }
    if (object.path("kind").asText().endsWith("List") && object.path("items").isArray()) {
      object.path("items").forEach(item -> add(item, namespace));
      return;
    }
    if (object.path("metadata") instanceof ObjectNode metadata) {
      if (!object.path("kind").asText().equals(Kind.NODE.kind()) && !metadata.has("namespace")) {
        metadata.put("namespace", namespace);
      }
      if (!metadata.has("uid")) {
        metadata.put("uid", NO_UID).put("generation", 1);
      }
      objects.add(object);
    }
  }

  @Override
  public List<JsonNode> list(Kind kind, String namespace, String name, Map<String, String> labels)
      throws UnknownException {
    List<JsonNode> ofKind = all(kind);
    if (ofKind.isEmpty() && (kind == Kind.NETWORK || kind == Kind.NODE)) {
      throw new UnknownException("the files hold no " + kind.kind());
    }
    return ofKind.stream()
        .filter(each -> each.path("metadata").path("namespace").asText().equals(namespace))
        .filter(each -> name.isEmpty() || each.path("metadata").path("name").asText().equals(name))
        .filter(each -> has(each, labels))
        .toList();
  }

  /** All objects of {@code kind}, in the order of the files. */
  List<JsonNode> all(Kind kind) {
    return objects.stream()
        .filter(each -> kind.is(each.path("apiVersion").asText(), each.path("kind").asText()))
        .toList();
  }

  private static boolean has(JsonNode object, Map<String, String> labels) {
    JsonNode own = object.path("metadata").path("labels");
    return labels.entrySet().stream()
        .allMatch(label -> label.getValue().equals(own.path(label.getKey()).asText(null)));
  }
}
