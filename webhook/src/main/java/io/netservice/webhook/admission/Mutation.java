package io.netservice.webhook.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.netservice.network.NetworkName;
import io.netservice.validation.NetServiceRules;
import java.util.List;

/**
 * Writes the namespace of the NetService in front of a bare network, so that the object says by
 * itself which network is meant.
 */
final class Mutation implements AdmissionHandler.Admission {

  @Override
  public Decision decide(AdmissionRequest request) {
    JsonNode network = request.object().path("spec").path("netAttachDef");
    if (!network.isTextual()
        || network.textValue().indexOf('/') >= 0
        // What isn't right is refused later on; the message shall show it as it was written.
        || !NetServiceRules.isNetAttachDef(network.textValue())
        || request.namespace().isEmpty()) {
      return new Decision.Allowed();
    }
    String qualified = NetworkName.parse(network.textValue(), request.namespace()).toString();
    return new Decision.Patched(
        List.of(new Decision.Replace("/spec/netAttachDef", TextNode.valueOf(qualified))));
  }
}
