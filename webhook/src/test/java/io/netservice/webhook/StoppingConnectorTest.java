package io.netservice.webhook;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class StoppingConnectorTest {

  private final EndPoint broken = mock(EndPoint.class);
  private final EndPoint whole = mock(EndPoint.class);

  @Test
  void aConnectionThatBreaksJustThenDoesNotHinderTheStop() {
    // What Jetty throws where two threads read of one request.
    doThrow(new IllegalArgumentException("newPosition > limit: (99 > 0)"))
        .when(broken)
        .setIdleTimeout(anyLong());

    // It was never started, and so has nothing to wait for.
    assertTrue(connectorOf(broken, whole).shutdown().isDone());

    verify(broken).close();
    verify(whole).setIdleTimeout(250);
  }

  private static StoppingConnector connectorOf(EndPoint... connected) {
    return new StoppingConnector(
        new Server(), Duration.ofMillis(250), new HttpConnectionFactory()) {
      @Override
      public Collection<EndPoint> getConnectedEndPoints() {
        return List.of(connected);
      }
    };
  }
}
