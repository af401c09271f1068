package io.netservice.webhook;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once the server stops, it gives its connections only a moment more to be idle. Jetty's own does
 * that, too, but for a request of which something is missing the stopping thread then reads, as may
 * just then another thread, and what comes of that would end the stop: nobody would wait for the
 * requests under way.
 */
class StoppingConnector extends ServerConnector {

  private static final Logger log = LoggerFactory.getLogger(StoppingConnector.class);

  private final Duration idleAtEnd;

  StoppingConnector(Server server, Duration idleAtEnd, ConnectionFactory... factories) {
    super(server, 1, 1, factories);
    this.idleAtEnd = idleAtEnd;
    setShutdownIdleTimeout(-1);
  }

  @Override
  public CompletableFuture<Void> shutdown() {
    CompletableFuture<Void> done = super.shutdown();
    for (EndPoint each : getConnectedEndPoints()) {
      try {
        each.setIdleTimeout(idleAtEnd.toMillis());
      } catch (RuntimeException e) {
        log.debug("{} is closed, which can't be read any more", each.getRemoteSocketAddress(), e);
        each.close();
      }
    }
    return done;
  }
}
