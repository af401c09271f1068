package io.netservice.runtime;

import io.netservice.network.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a program listens, and the option that said so: what is wrong with it is told in the words
 * of the command line.
 *
 * @param address the value of {@code --bind-address}
 * @param portOption the name of the option for the port
 * @param port its value, 0 for a port that the kernel picks
 */
public record ListenAddress(String address, String portOption, int port) {

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if the address is no IP address or the port is no port
   */
  public ListenAddress {
    if (address.indexOf('/') >= 0 || IpAddress.parse(address).isEmpty()) {
      throw new IllegalArgumentException(
          "--bind-address " + address + ": must be an IP address, as 0.0.0.0 or ::1");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          portOption + " " + port + ": must be from 0 (any free port) to 65535");
    }
  }

  /** The address to bind to. */
  public InetSocketAddress socket() {
    try {
      // A literal, as checked: this looks nothing up.
      return new InetSocketAddress(InetAddress.getByName(address), port);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(address, impossible);
    }
  }

  /** What a person is told when the port can't be had because of {@code reason}. */
  public IOException refused(IOException reason) {
    return new IOException(
        portOption + " " + port + " at --bind-address " + address + ": " + reason.getMessage(),
        reason);
  }
}
