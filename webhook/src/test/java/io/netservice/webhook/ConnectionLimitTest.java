package io.netservice.webhook;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.junit.jupiter.api.Test;

/** Which connection makes room; with real ones see {@link HostileClientTest}. */
class ConnectionLimitTest {

  private static final int MOST = 3;

  private final ConnectionLimit limit = new ConnectionLimit(MOST);

  /** A connection whose handshake is over. */
  private static SslConnection connection(long answers, long idleMillis) {
    SslConnection connection = inHandshake();
    Connection http = mock(Connection.class);
    when(http.getMessagesOut()).thenReturn(answers);
    SslConnection.SslEndPoint decrypted = connection.getSslEndPoint();
    when(decrypted.getConnection()).thenReturn(http);
    AbstractEndPoint endPoint = (AbstractEndPoint) connection.getEndPoint();
    when(endPoint.getIdleFor()).thenReturn(idleMillis);
    return connection;
  }

  private static SslConnection inHandshake() {
    SslConnection connection = mock(SslConnection.class);
    SslConnection.SslEndPoint decrypted = mock(SslConnection.SslEndPoint.class);
    AbstractEndPoint endPoint = mock(AbstractEndPoint.class);
    when(connection.getSslEndPoint()).thenReturn(decrypted);
    when(connection.getEndPoint()).thenReturn(endPoint);
    return connection;
  }

  private void open(SslConnection... connections) {
    for (SslConnection each : connections) {
      limit.onOpened(each);
    }
  }

  private static void assertGone(SslConnection... connections) {
    for (SslConnection each : connections) {
      verify(each.getEndPoint()).close();
    }
  }

  private static void assertStays(SslConnection... connections) {
    for (SslConnection each : connections) {
      verify(each.getEndPoint(), never()).close();
    }
  }

  @Test
  void theOldestThatNeverGotAnAnswerGoesForEachNewOne() {
    SslConnection used = connection(1, 60_000);
    SslConnection first = connection(0, 10);
    SslConnection second = inHandshake();
    open(used, first, second);
    assertStays(used, first, second);
    SslConnection third = inHandshake();
    open(third);
    assertGone(first);
    assertStays(used, second, third);
    open(inHandshake());
    assertGone(second);
    assertStays(used, third);
  }

  @Test
  void whereAllGotAnAnswerTheOneIdleForLongestGoes() {
    SslConnection busy = connection(9, 1);
    SslConnection idle = connection(1, 900);
    SslConnection other = connection(1, 800);
    open(busy, idle, other, inHandshake());
    assertGone(idle);
    assertStays(busy, other);
  }

  @Test
  void oneThatClosesMakesRoom() {
    SslConnection first = inHandshake();
    SslConnection gone = inHandshake();
    open(first, gone, inHandshake());
    limit.onClosed(gone);
    open(inHandshake());
    assertStays(first);
  }
}
