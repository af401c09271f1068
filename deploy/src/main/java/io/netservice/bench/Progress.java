package io.netservice.bench;

import java.util.concurrent.TimeUnit;

/** Says on standard error what is going on: in place at a terminal, else a line now and then. */
public final class Progress {

  private static final long EVERY = TimeUnit.SECONDS.toNanos(10);

  private final boolean terminal;
  private final long started = System.nanoTime();
  private String what = "";
  private long told;
  private int width;

  /**
   * Progress on standard error.
   *
   * @param terminal whether that is a terminal
   */
  public Progress(boolean terminal) {
    this.terminal = terminal;
  }

  /** From now on this is being done. */
  public synchronized void begin(String what) {
    this.what = what;
    tell("");
  }

  /** How far it is. */
  public synchronized void step(String detail) {
    if (terminal || System.nanoTime() - told > EVERY) {
      tell(detail.strip());
    }
  }

  /** A line that stays. */
  public synchronized void line(String line) {
    erase();
    System.err.println(line);
  }

  /** Nothing more is to be shown in place. */
  public synchronized void end() {
    erase();
  }

  private void tell(String detail) {
    told = System.nanoTime();
    String line = "[%s] %s%s".formatted(elapsed(), what, detail.isEmpty() ? "" : ": " + detail);
    if (terminal) {
      String shown = line.length() > 110 ? line.substring(0, 110) : line;
      System.err.print("\r" + shown + " ".repeat(Math.max(0, width - shown.length())));
      System.err.flush();
      width = shown.length();
    } else {
      System.err.println(line);
    }
  }

  private void erase() {
    if (terminal && width > 0) {
      System.err.print("\r" + " ".repeat(width) + "\r");
      System.err.flush();
      width = 0;
    }
  }

  private String elapsed() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
    return "%d:%02d".formatted(seconds / 60, seconds % 60);
  }
}
