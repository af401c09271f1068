package io.netservice.syncer.watch;

import io.netservice.http.ApiException;
import io.netservice.syncer.http.Answer;
import io.netservice.syncer.http.AnswerConnection;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.metrics.SyncerMetrics.WatchEnd;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one collection of the API server for ever: all there is, then each change. The first
 * objects come over the watch itself (KEP-3157), one at a time, so that nothing holds them all as
 * text; where the API server does not offer that, or the {@link WireFormat} wants it so, they are
 * listed.
 *
 * <p>A watch that ends goes on where it was; one that is too far behind begins anew, and the sink
 * keeps what it has until the new beginning is complete. Safe for use from any thread; the sink is
 * called by one at a time.
 */
final class CollectionWatch<T> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CollectionWatch.class);

  /** The API server ends a watch after this, and up to twice as long, so that they spread. */
  private static final int TIMEOUT_SECONDS = 300;

  private static final long FIRST_DELAY_MILLIS = 50;
  private static final long MAX_DELAY_MILLIS = 3_000;

  /** How soon it is noticed that a collection has come which was not there. */
  private static final long UNAVAILABLE_DELAY_MILLIS = 10_000;

  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;

  /** A watch that lasted so long had not failed. */
  private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A gap between two connections that is shorter leaves the collection in step. */
  private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Connections connections;
  private final ScheduledExecutorService timer;
  private final Collection collection;
  private final WireFormat<T> format;
  private final Item.Sink<T> sink;

  private final Object delivery = new Object();
  private Attempt attempt;
  private String resourceVersion = "";
  private Set<String> initial;
  private boolean beginAnew;
  private int failures;

  /** It had to begin anew since it last lasted. */
  private boolean tooOld;

  private volatile boolean lists;
  private volatile boolean complete;
  private volatile boolean unavailable;
  private volatile boolean closed;
  private volatile boolean connected;
  private volatile long connectedAt;
  private volatile long lostAt;

  /**
   * What is watched.
   *
   * @param path of the collection, such as {@code /api/v1/namespaces/shop/pods}
   * @param selector of labels, as in a query, empty for all
   * @param name of the one object of interest, empty for all
   */
  record Collection(String path, String selector, String name) {

    Collection(String path, String selector) {
      this(path, selector, "");
    }

    String query(String rest) {
      return path
          + "?"
          + (selector.isEmpty()
              ? ""
              : "labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8) + "&")
          + (name.isEmpty() ? "" : "fieldSelector=metadata.name%3D" + name + "&")
          + rest;
    }

    /**
     * The request for a page of a list.
     *
     * @param limit how many objects, 0 for all
     * @param next what the page before told to go on with, empty for the first
     */
    String page(int limit, String next) {
      List<String> query = new ArrayList<>();
      if (limit > 0) {
        query.add("limit=" + limit);
      }
      if (!next.isEmpty()) {
        query.add("continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
      }
      return query(String.join("&", query));
    }

    /** What is watched, in the plural. */
    String resource() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
      return (name.isEmpty() ? path : path + "/" + name)
          + (selector.isEmpty() ? "" : " with " + selector);
    }
  }

  CollectionWatch(
      Connections connections,
      ScheduledExecutorService timer,
      Collection collection,
      WireFormat<T> format,
      Item.Sink<T> sink) {
    this.connections = connections;
    this.timer = timer;
    this.collection = collection;
    this.format = format;
    this.sink = sink;
    this.lists = format.listsFirst();
  }

  /** Begins. */
  CollectionWatch<T> start() {
    SyncerMetrics.watchBegins(collection.resource());
    connect();
    return this;
  }

  /**
   * Whether the sink was told all there was at some time, and is told what changes since; or that
   * there is nothing to be told of.
   */
  boolean inStep() {
    return unavailable || (complete && (connected || System.nanoTime() - lostAt < GAP_NANOS));
  }

  /** Whether the sink was told all there was at some time, and is being told what changes. */
  boolean isConnected() {
    return complete && connected;
  }

  /** Tells the sink all there is once more. */
  void restart() {
    synchronized (delivery) {
      beginAnew = true;
      // While the first objects are still on their way the present attempt has to end first.
      if (initial == null && attempt != null) {
        attempt.goOn("all is to be told anew");
      }
    }
  }

  /** Asks for the changes that follow in another form, if the format wants them in another now. */
  void askAnew() {
    synchronized (delivery) {
      if (initial == null
          && attempt != null
          && !format.watchType(false).equals(attempt.mediaType)) {
        attempt.goOn("what follows is wanted in another form");
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (delivery) {
      if (attempt != null) {
        attempt.goOn("closed");
      }
    }
  }

  private void connect() {
    synchronized (delivery) {
      if (closed) {
        return;
      }
      if (beginAnew) {
        beginAnew = false;
        resourceVersion = "";
      }
      if (resourceVersion.isEmpty()) {
        initial = new HashSet<>();
        sink.begin();
      }
      attempt = new Attempt();
    }
    attempt.start();
  }

  private void completed(String version) {
    Set<String> keys = initial;
    initial = null;
    resourceVersion = version;
    sink.complete(keys, version);
    complete = true;
    unavailable = false;
    if (beginAnew) {
      attempt.goOn("all is to be told anew");
    } else if (!format.watchType(true).equals(format.watchType(false))) {
      attempt.goOn("all there is has been told");
    }
  }

  /** One connection, from its request to its end. */
  private final class Attempt {
    private Connections.Lease lease;
    private AnswerConnection.Asked asked;
    private boolean over;

    /** What is asked for at first: the media type of a watch that goes on after it has begun. */
    private volatile String mediaType = "";

    void start() {
      try {
        if (!take(connections.lease(why -> end(WatchEnd.BROKEN, why)))) {
          return;
        }
        if (initial != null && lists) {
          list("");
        } else {
          watch();
        }
      } catch (RuntimeException e) {
        end(WatchEnd.BROKEN, e.toString());
      }
    }

    /** False if the attempt ended before it had a place. */
    private boolean take(Connections.Lease place) {
      synchronized (delivery) {
        if (!over) {
          lease = place;
          return true;
        }
      }
      place.release();
      return false;
    }

    private void watch() {
      mediaType = format.watchType(initial != null);
      int timeout = TIMEOUT_SECONDS + ThreadLocalRandom.current().nextInt(TIMEOUT_SECONDS);
      String from =
          resourceVersion.isEmpty()
              ? "sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
              : "resourceVersion=" + resourceVersion;
      ask(
          collection.query(
              "watch=true&allowWatchBookmarks=true&timeoutSeconds=" + timeout + "&" + from),
          mediaType,
          new Stream());
    }

    private void list(String next) {
      ask(collection.page(format.page(), next), format.listType(), new Listing());
    }

    private void ask(String path, String accept, Answer answer) {
      AnswerConnection.Asked now = lease.get(path, accept, answer);
      boolean late;
      synchronized (delivery) {
        asked = now;
        late = over;
      }
      if (late) {
        now.cancel();
      }
    }

    /** What answers have in common. */
    private abstract class Answered implements Answer {
      private int code;
      private String retryAfter;

      boolean isOk() {
        return code == HttpURLConnection.HTTP_OK;
      }

      @Override
      public void begin(int code, String retryAfter) {
        this.code = code;
        this.retryAfter = retryAfter;
      }

      @Override
      public void end() {
        if (isOk()) {
          complete();
        } else {
          refused(code, retryAfter);
        }
      }

      /** The whole answer has come, and is none of an error. */
      abstract void complete();

      @Override
      public void broken(Exception why) {
        lease.broken(why);
        Attempt.this.end(WatchEnd.BROKEN, why.toString());
      }
    }

    /** The answer to a watch. */
    private final class Stream extends Answered {
      private final WireFormat.Splitter parts = format.splitter();

      @Override
      public void begin(int code, String retryAfter) {
        super.begin(code, retryAfter);
        synchronized (delivery) {
          if (!over && isOk()) {
            connected = true;
            connectedAt = System.nanoTime();
          }
        }
      }

      @Override
      public void bytes(ByteBuffer bytes) {
        if (!isOk()) {
          return;
        }
        try {
          parts.feed(bytes, Attempt.this::event);
        } catch (IOException | RuntimeException e) {
          Attempt.this.end(WatchEnd.BROKEN, e.toString());
        }
      }

      @Override
      void complete() {
        Attempt.this.end(WatchEnd.ENDED, "ended");
      }
    }

    /** The answer that is a list, or a page of one. */
    private final class Listing extends Answered {
      private final WireFormat.ListReader reader = format.list(Attempt.this::put);

      @Override
      public void bytes(ByteBuffer bytes) {
        if (!isOk()) {
          return;
        }
        try {
          synchronized (delivery) {
            if (!over) {
              reader.feed(bytes);
            }
          }
        } catch (IOException | RuntimeException e) {
          Attempt.this.end(WatchEnd.BROKEN, e.toString());
        }
      }

      @Override
      void complete() {
        try {
          WireFormat.ListEnd end;
          synchronized (delivery) {
            if (over) {
              return;
            }
            end = reader.end();
            if (end.next().isEmpty()) {
              completed(end.resourceVersion());
            }
          }
          if (end.next().isEmpty()) {
            goOn("listed");
          } else {
            list(end.next());
          }
        } catch (IOException | RuntimeException e) {
          Attempt.this.end(WatchEnd.BROKEN, e.toString());
        }
      }
    }

    private void refused(int code, String retryAfter) {
      if (code == UNPROCESSABLE && initial != null && !lists) {
        log.info("{}: the API server does not stream lists, pages are read", collection);
        lists = true;
        goOn("no streamed lists");
      } else if (code == HttpURLConnection.HTTP_GONE) {
        outdated();
      } else if (!isUnavailable(code)) {
        end(
            WatchEnd.REFUSED,
            "the API server answers " + code,
            code == TOO_MANY_REQUESTS ? ApiException.retryAfterMillis(retryAfter) : 0);
      }
    }

    /** Whether the sink can do without the collection; it is asked for again much later then. */
    private boolean isUnavailable(int code) {
      if (code != HttpURLConnection.HTTP_NOT_FOUND && code != HttpURLConnection.HTTP_FORBIDDEN) {
        return false;
      }
      synchronized (delivery) {
        if (over || !sink.unavailable(code)) {
          return false;
        }
        unavailable = true;
        resourceVersion = "";
        finish();
      }
      next(UNAVAILABLE_DELAY_MILLIS);
      return true;
    }

    private void event(byte[] buffer, int offset, int length) throws IOException {
      WatchEvent<T> event = format.event(buffer, offset, length);
      synchronized (delivery) {
        if (over) {
          return;
        }
        switch (event.type()) {
          case ADDED, MODIFIED -> put(event.item());
          case DELETED -> {
            if (initial != null) {
              initial.remove(event.item().key());
            }
            sink.remove(event.item().key(), event.item().object());
          }
          case BOOKMARK -> {
            if (event.initialEnd() && initial != null) {
              completed(event.resourceVersion());
            }
          }
          case ERROR -> {
            if (event.code() == HttpURLConnection.HTTP_GONE) {
              outdated();
            } else {
              end(WatchEnd.REFUSED, "the watch tells " + event.code() + ": " + event.message());
            }
            return;
          }
        }
        // During the initial events a version is no place to go on from: others are yet to come.
        if (initial == null) {
          resourceVersion = event.resourceVersion();
        }
      }
    }

    private void put(Item<T> item) {
      if (initial != null) {
        initial.add(item.key());
      }
      sink.put(item.key(), item.object());
    }

    /**
     * Nothing has failed that would be mended by waiting, so all there is is asked for at once; but
     * not again and again.
     */
    private void outdated() {
      synchronized (delivery) {
        if (over) {
          return;
        }
        if (initial == null && !tooOld) {
          failures = 0;
        }
        tooOld = true;
        resourceVersion = "";
        end(WatchEnd.OUTDATED, "what it knew is too old");
      }
    }

    /** Ends this attempt, which has done what it should; the next one follows at once. */
    void goOn(String why) {
      if (finish()) {
        log.debug("watch of {} goes on: {}", collection, why);
        next(0);
      }
    }

    private void end(WatchEnd reason, String why) {
      end(reason, why, 0);
    }

    /**
     * Ends this attempt, if it has not; the next one comes after a time, at least the one given.
     */
    private void end(WatchEnd reason, String why, long atLeastMillis) {
      long delayMillis;
      synchronized (delivery) {
        if (!finish()) {
          return;
        }
        delayMillis = Math.max(atLeastMillis, delay(failures++));
      }
      if (!closed) {
        SyncerMetrics.watchEnded(collection.resource(), reason);
      }
      if (failures > 1 && !closed) {
        log.warn("watch of {} again in {} ms: {}", collection, delayMillis, why);
      } else {
        log.debug("watch of {} goes on in {} ms: {}", collection, delayMillis, why);
      }
      next(delayMillis);
    }

    /** Gives back all that this attempt holds; false if that has been done. */
    private boolean finish() {
      Connections.Lease held;
      synchronized (delivery) {
        if (over) {
          return false;
        }
        over = true;
        if (connected) {
          connected = false;
          lostAt = System.nanoTime();
          if (lostAt - connectedAt > LASTING_NANOS) {
            failures = 0;
            tooOld = false;
          }
        }
        if (asked != null) {
          asked.cancel();
        }
        held = lease;
      }
      if (held != null) {
        held.release();
      }
      return true;
    }

    private void next(long delayMillis) {
      if (closed) {
        return;
      }
      try {
        var unused =
            timer.schedule(CollectionWatch.this::connect, delayMillis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException stopping) {
        log.debug("watch of {} ends with the program", collection);
      }
    }
  }

  /** At once after the first, then longer with each failure in a row. */
  private static long delay(int failures) {
    if (failures == 0) {
      return 0;
    }
    long delay = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures - 1, 10));
    return delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
  }
}
