package io.netservice.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections to a port on loopback that are all opened at once, say the same few bytes, and then
 * wait for as long as the server lets them.
 */
final class Crowd implements AutoCloseable {

  private final InetSocketAddress server;
  private final int size;
  private final byte[] says;
  private final Selector selector;
  private final Thread thread;
  private final AtomicInteger closed = new AtomicInteger();
  private volatile boolean over;
  private volatile String failure = "";

  Crowd(int port, int size, byte[] says) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.size = size;
    this.says = says.clone();
    this.selector = Selector.open();
    this.thread = new Thread(this::run, "crowd");
    thread.setDaemon(true);
    thread.start();
  }

  /** How often the server has closed one. */
  int closed() {
    return closed.get();
  }

  /** What hindered the crowd from being one, empty if nothing did. */
  String failure() {
    return failure;
  }

  private void run() {
    try {
      for (int i = 0; i < size; i++) {
        open();
      }
      while (!over) {
        selector.select();
        List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
        selector.selectedKeys().clear();
        ready.forEach(this::go);
      }
    } catch (IOException | UncheckedIOException e) {
      failure = e.toString();
    }
  }

  private void open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_CONNECT);
    channel.connect(server);
  }

  private void go(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        channel.write(ByteBuffer.wrap(says));
      } else if (channel.read(ByteBuffer.allocate(512)) < 0) {
        throw new IOException("closed");
      }
    } catch (IOException e) {
      closed.incrementAndGet();
      close(channel);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    selector.wakeup();
    Await.until("the crowd is gone", () -> !thread.isAlive());
    selector.keys().forEach(key -> close((SocketChannel) key.channel()));
    selector.close();
  }
}
