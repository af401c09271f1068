package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.syncer.plan.Names;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The objects of a cluster, with the rights of whoever asks. Everything is listed: that is the one
 * right that the syncer itself has for all that it reads.
 */
public final class ApiSource implements Source {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ApiClient client;

  public ApiSource(ApiClient client) {
    this.client = client;
  }

  @Override
  public List<JsonNode> list(Kind kind, String namespace, String name, Map<String, String> labels)
      throws UnknownException {
    String query =
        "?limit="
            + kind.page()
            + (name.isEmpty() ? "" : "&fieldSelector=" + encoded("metadata.name=" + name))
            + (labels.isEmpty() ? "" : "&labelSelector=" + encoded(Names.selector(labels)));
    List<JsonNode> items = new ArrayList<>();
    String next = "";
    do {
      String path =
          kind.path(namespace) + query + (next.isEmpty() ? "" : "&continue=" + encoded(next));
      JsonNode page = page(kind, namespace, path);
      page.path("items").forEach(items::add);
      next = page.path("metadata").path("continue").asText();
    } while (!next.isEmpty());
    return items;
  }

  private JsonNode page(Kind kind, String namespace, String path) throws UnknownException {
    try {
      // Of Nodes only the labels are of interest; the rest of one can be 100 KB.
      String accept = kind == Kind.NODE ? ApiServer.METADATA_LIST : ApiClient.JSON;
      return MAPPER.readTree(client.get(path, accept));
    } catch (KubernetesClientException e) {
      String where = namespace.isEmpty() ? "" : " in namespace " + namespace;
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new UnknownException("you may not list " + kind.plural() + where);
      } else if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        throw new UnknownException("this cluster has no " + kind.plural());
      }
      throw e;
    } catch (IOException e) {
      throw new KubernetesClientException(path + ": the answer can't be read: " + e, e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
