package io.netservice.faults.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A port on loopback whose connections go on to where a supplier says at the time: the way from one
 * client to a server, or what kube-proxy is to a Service. It can be cut, and the links that exist
 * can be left open and dead.
 *
 * <p>May be used from any thread.
 */
public final class TcpRelay implements AutoCloseable {

  private final Supplier<Optional<Integer>> target;
  private final ServerSocket server;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  /** Bytes a second in each direction of each connection; 0 for no limit. */
  private volatile int rate;

  private volatile boolean closed;

  /** One connection and the one that it goes on to. */
  private record Link(Socket near, Socket far, Switch stalled) {
    void close() {
      closeQuietly(near);
      closeQuietly(far);
    }
  }

  /** Whether a link is dead. */
  private static final class Switch {
    private volatile boolean on;
  }

  /**
   * Listens.
   *
   * @param target gives the port on loopback that a new connection goes to; empty for none
   */
  public TcpRelay(String name, Supplier<Optional<Integer>> target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("the relay " + name + " can't listen", e);
    }
    start(this::accept, name);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** Closes all connections; new ones are refused from now on if {@code refuse} says so. */
  public void cut(boolean refuse) {
    refusing = refuse;
    links.forEach(Link::close);
  }

  /** New connections are taken again. */
  public void restore() {
    refusing = false;
  }

  /**
   * From now on so much passes over each connection and in each direction.
   *
   * @param bytesPerSecond at least 10; 0 for no limit
   */
  public void throttle(int bytesPerSecond) {
    rate = bytesPerSecond;
  }

  /** From now on nothing passes over the connections that exist, and nobody is told. */
  public void stall() {
    links.forEach(link -> link.stalled.on = true);
  }

  /** Closes the connections that {@link #stall} left dead. */
  public void closeStalled() {
    links.stream().filter(link -> link.stalled.on).forEach(Link::close);
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(server);
    links.forEach(Link::close);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket near = server.accept();
        start(() -> link(near), "relay-link");
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void link(Socket near) {
    Socket far = new Socket();
    Link link = new Link(near, far, new Switch());
    links.add(link);
    try {
      Optional<Integer> port = target.get();
      if (refusing || port.isEmpty()) {
        return;
      }
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()), 5_000);
      Thread back = start(() -> pump(link, far, near), "relay-back");
      pump(link, near, far);
      back.join();
    } catch (IOException e) {
      // Nobody listens there: as if the connection had been refused.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      link.close();
      links.remove(link);
    }
  }

  private void pump(Link link, Socket from, Socket to) {
    byte[] buffer = new byte[16384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int done = 0; done < count && !link.stalled.on; ) {
          int piece = rate == 0 ? count - done : Math.min(rate / 10, count - done);
          out.write(buffer, done, piece);
          done += piece;
          if (rate != 0) {
            Thread.sleep(100);
          }
        }
      }
    } catch (IOException e) {
      // One of the two is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!link.stalled.on) {
      link.close();
    }
  }

  private static Thread start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void closeQuietly(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      // It is gone in any case.
    }
  }
}
