package io.netservice.webhook.admission;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;

/**
 * Writes the namespace of the NetService in front of a bare network, so that the object says by
 * itself which network is meant. What breaks a rule is refused at once, while it still is as the
 * person wrote it: see {@link Rules}.
 */
final class Mutation implements AdmissionHandler.Admission {

  @Override
  public Decision decide(AdmissionRequest request) {
    if (!request.keepsSpec()) {
      try {
        Rules.check(request.object());
      } catch (Rules.BrokenException e) {
        return e.denied();
      }
    }
    Optional<String> qualified = request.qualifiedNetwork(request.object());
    return qualified.isEmpty()
        ? new Decision.Allowed()
        : new Decision.Patched(
            List.of(new Decision.Replace("/spec/netAttachDef", TextNode.valueOf(qualified.get()))));
  }
}
