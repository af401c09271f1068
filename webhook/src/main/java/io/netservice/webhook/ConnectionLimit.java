package io.netservice.webhook;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Bounds how many connections are open. For one more another goes: the oldest that never got an
 * answer, and where all have got one, the one that nothing was said on for longest. So a crowd of
 * connections that say nothing, or nothing whole, displaces itself; the connections of API servers
 * stay, and new ones have as long to ask as it takes the crowd to come anew. To stop accepting
 * instead would have them wait behind the crowd.
 *
 * <p>A bean of the connector, called from its threads.
 */
final class ConnectionLimit implements Connection.Listener {

  private final int most;

  /** In the order in which they came; guarded by itself. */
  private final Set<SslConnection> open = new LinkedHashSet<>();

  ConnectionLimit(int most) {
    this.most = most;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof SslConnection added) {
      // It must not be closed by who holds the lock: that calls onClosed.
      displaced(added).ifPresent(displaced -> displaced.getEndPoint().close());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    if (connection instanceof SslConnection gone) {
      synchronized (open) {
        open.remove(gone);
      }
    }
  }

  private Optional<SslConnection> displaced(SslConnection added) {
    synchronized (open) {
      Optional<SslConnection> displaced = Optional.empty();
      if (open.size() >= most) {
        SslConnection next = open.iterator().next();
        for (SslConnection each : open) {
          if (!wasAnswered(each)) {
            next = each;
            break;
          }
          next = idleMillis(each) > idleMillis(next) ? each : next;
        }
        open.remove(next);
        displaced = Optional.of(next);
      }
      open.add(added);
      return displaced;
    }
  }

  private static boolean wasAnswered(SslConnection connection) {
    // There is none before the handshake is over.
    Connection http = connection.getSslEndPoint().getConnection();
    return http != null && http.getMessagesOut() > 0;
  }

  private static long idleMillis(SslConnection connection) {
    return connection.getEndPoint() instanceof IdleTimeout endPoint ? endPoint.getIdleFor() : 0;
  }
}
