package io.netservice.bench.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.bench.cluster.BenchException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UsageTest {

  private static final String FIELDS =
      " S 1 2 3 0 -1 4194560 9 8 7 6 1234 66 5 4 20 0 12 0 99960 3133440 379\n";

  @Test
  void processorTimeIsUserAndSystemTime() {
    assertEquals(13.0, Usage.cpuSeconds("4711 (java)" + FIELDS));
  }

  @Test
  void nameOfTheProgramMayHoldBracketsAndBlanks() {
    assertEquals(13.0, Usage.cpuSeconds("4711 (a) 7 (b c) d)" + FIELDS));
  }

  @Test
  void memoryIsReadByItsName() {
    String status = "Name:\tVmRSS\nVmHWM:\t  200 kB\nVmRSS:\t  100 kB\nThreads:\t7\n";
    assertEquals(100, Usage.number(status, "VmRSS"));
    assertEquals(200, Usage.number(status, "VmHWM"));
  }

  @Test
  void processWithoutMemoryHasEnded() {
    assertThrows(BenchException.class, () -> Usage.number("State:\tZ (zombie)\n", "VmRSS"));
  }

  @Test
  void ownUsageCanBeRead() {
    Usage own = new Usage(ProcessHandle.current().pid());
    assertTrue(own.cpuSeconds() > 0);
    // The kernel counts both on each processor and sums up now and then: no more is certain.
    assertTrue(own.residentBytes() > 1 << 20);
    assertTrue(own.peakBytes() > 1 << 20);
  }

  @Test
  void connectionsThatAreEstablishedAreCounted() throws Exception {
    Usage own = new Usage(ProcessHandle.current().pid());
    int before = own.connections();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      assertTrue(client.isConnected() && accepted.isConnected());
      assertEquals(before + 2, own.connections());
    }
  }

  @Test
  void liveHeapIsTheTotalOfTheHistogram() {
    String histogram =
        """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         12345        7890123  [B (java.base@17.0.15)
        Total         54321       98765432
        """;
    assertEquals(OptionalLong.of(98_765_432), LiveHeap.total(histogram));
    assertEquals(OptionalLong.empty(), LiveHeap.total("no such process\n"));
  }

  @Test
  void memoryIsFlatOnceItHasNotMovedForTwentySeconds() {
    Flatness flatness = new Flatness();
    assertTrue(!flatness.isFlat(200));
    for (int i = 0; i < 19; i++) {
      assertTrue(!flatness.isFlat(1000 + i % 2), "look " + i);
    }
    assertTrue(flatness.isFlat(1000));
    assertTrue(!flatness.isFlat(1020));
  }
}
