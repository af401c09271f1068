package io.netservice.faults.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.bench.cluster.BenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** etcd by the JSON gateway of its API, over the Unix socket on which it listens. */
final class Etcd {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path socket;

  Etcd(Path socket) {
    this.socket = socket;
  }

  /** Forgets all revisions before the current one. */
  void compact() {
    try {
      // Any key will do: the header of the answer has the revision.
      String range = call("/v3/kv/range", "{\"key\":\"AA==\",\"limit\":1}");
      String revision = MAPPER.readTree(range).at("/header/revision").asText();
      call("/v3/kv/compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
    } catch (IOException e) {
      throw new BenchException("etcd can't be compacted: " + e, e);
    }
  }

  private String call(String path, String body) throws IOException {
    String request =
        "POST %s HTTP/1.0\r\nHost: etcd\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, body.length(), body);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      Channels.newInputStream(channel).transferTo(answer);
      String text = answer.toString(StandardCharsets.UTF_8);
      int head = text.indexOf("\r\n\r\n");
      if (!text.matches("(?s)HTTP/1\\.[01] 200.*") || head < 0) {
        throw new IOException(path + " is answered with " + text);
      }
      return text.substring(head + 4);
    }
  }
}
