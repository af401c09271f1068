package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** Where the objects come from that are explained: a cluster, or files. */
public interface Source {

  /**
   * Objects of one kind.
   *
   * @param namespace where they are, empty for what has none
   * @param name empty for any
   * @param labels those that they must have, all of them
   * @throws UnknownException if it can't be known which there are
   */
  List<JsonNode> list(Kind kind, String namespace, String name, Map<String, String> labels)
      throws UnknownException;

  /** It can't be known which objects there are of a kind; the message tells why. */
  final class UnknownException extends Exception {
    private static final long serialVersionUID = 1;

    UnknownException(String message) {
      super(message);
    }
  }
}
