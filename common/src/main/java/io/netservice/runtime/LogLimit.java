package io.netservice.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Hands on so many lines a second and no more, so that something that fails ten thousand times
 * neither fills a disk nor takes the processor from what works. Warnings and errors have a share of
 * their own: what is merely told never keeps them out. How many lines were left out is told as soon
 * as there is room again.
 *
 * <p>May be used from any thread.
 */
final class LogLimit extends AppenderBase<ILoggingEvent> {

  /** A busy syncer tells some hundred changes a second. */
  static final int TOLD_A_SECOND = 500;

  static final int WARNINGS_A_SECOND = 50;

  /** So many seconds' lines may come at once. */
  static final int BURST_SECONDS = 4;

  private final Appender<ILoggingEvent> to;
  private final Share told;
  private final Share warnings;

  /**
   * Hands on to {@code to}.
   *
   * @param ticker monotonic nanoseconds
   */
  LogLimit(Appender<ILoggingEvent> to, LongSupplier ticker) {
    this.to = to;
    this.told = new Share(TOLD_A_SECOND, ticker);
    this.warnings = new Share(WARNINGS_A_SECOND, ticker);
  }

  /** A bucket that fills with time, and that each line takes one out of. */
  private static final class Share {
    private final long nanosEach;
    private final long longest;
    private final LongSupplier ticker;

    /** The moment up to which all is taken. */
    private long taken;

    long leftOut;

    Share(int aSecond, LongSupplier ticker) {
      this.nanosEach = TimeUnit.SECONDS.toNanos(1) / aSecond;
      this.longest = TimeUnit.SECONDS.toNanos(BURST_SECONDS);
      this.ticker = ticker;
      this.taken = ticker.getAsLong() - longest;
    }

    boolean take() {
      long now = ticker.getAsLong();
      if (now - taken > longest) {
        taken = now - longest;
      }
      if (now - taken < nanosEach) {
        leftOut++;
        return false;
      }
      taken += nanosEach;
      return true;
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    Share share = event.getLevel().isGreaterOrEqual(Level.WARN) ? warnings : told;
    if (!share.take()) {
      return;
    }
    if (share.leftOut > 0) {
      LoggingEvent note = new LoggingEvent();
      note.setLoggerName(LogLimit.class.getName());
      note.setLevel(Level.WARN);
      note.setThreadName(event.getThreadName());
      note.setTimeStamp(event.getTimeStamp());
      note.setMDCPropertyMap(Map.of()); // It is about nothing that the thread works on.
      note.setMessage(
          share.leftOut + (share == warnings ? " warnings" : " lines") + " were left out here");
      share.leftOut = 0;
      to.doAppend(note);
    }
    to.doAppend(event);
  }
}
