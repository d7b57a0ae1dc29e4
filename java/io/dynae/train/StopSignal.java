// SPDX-License-Identifier: MIT
package io.dynae.train;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Asks a running training to save, and to stop or to go on, after the launch in flight.
 *
 * <p>Before training has begun there is nothing to save, and a stop is carried out at once. Later
 * it waits for the training to answer, but not for ever: who asks often kills half a minute later.
 * A process that is busy with something else by then keeps the last state that it holds, and ends.
 */
public final class StopSignal {
  /** Ends a process that does not answer. */
  @FunctionalInterface
  public interface Unanswered {
    /**
     * Ends the process.
     *
     * @param code exit code that was asked for
     * @param save keeps the last good states; to be run first
     */
    void end(int code, Runnable save);
  }

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long MOST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long REPEATED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final IntConsumer atOnce;
  private final Unanswered unanswered;

  /** Held by who saves: a process does not end in the middle of it. */
  private final Object saving = new Object();

  private boolean begun;
  private boolean saveAsked;
  private long saveAskedAt;
  private volatile boolean saveWanted;
  private volatile int exitCode;
  private volatile long launchNanos;
  private volatile long answeredAt = Long.MIN_VALUE;
  private volatile Runnable keeper = () -> {};

  /** A signal that waits for training to begin. */
  public StopSignal() {
    this(code -> {});
  }

  /** A signal that waits for an answer as long as it takes. */
  public StopSignal(IntConsumer atOnce) {
    this(atOnce, (code, save) -> {});
  }

  /**
   * Names what ends the process where the training cannot.
   *
   * @param atOnce ends it before training has begun; receives the exit code
   * @param unanswered ends it where the training is busy for too long
   */
  public StopSignal(IntConsumer atOnce, Unanswered unanswered) {
    this.atOnce = atOnce;
    this.unanswered = unanswered;
  }

  /**
   * Asks to stop; the first call counts.
   *
   * @param code exit code of the process, not zero
   */
  public synchronized void request(int code) {
    boolean first = exitCode == 0;
    if (!begun) {
      // Ends the process; whoever looks for a request until then must not find one that is saved.
      atOnce.accept(first ? code : exitCode);
    }
    if (first) {
      exitCode = code;
    }
    if (begun && first) {
      Thread watch = new Thread(this::awaitAnswer, "dynae-stop");
      watch.setDaemon(true);
      watch.start();
    }
  }

  /**
   * Asks to save and go on; asked twice within a minute it is meant as a stop.
   *
   * @param code exit code of the process then, not zero
   */
  public synchronized void requestSave(int code) {
    long now = System.nanoTime();
    if (saveAsked && now - saveAskedAt < REPEATED_NANOS) {
      request(code);
    }
    saveAsked = true;
    saveAskedAt = now;
    saveWanted = true;
  }

  /** From here on files are written, so a request waits until the state is saved. */
  public synchronized void begin() {
    begun = true;
  }

  /** Whether someone asked to stop. */
  public boolean requested() {
    return exitCode != 0;
  }

  /** The exit code asked for, 0 when nobody did. */
  public int exitCode() {
    return exitCode;
  }

  /** Whether someone asked to save since the last call. */
  boolean takeSave() {
    boolean wanted = saveWanted;
    if (wanted) {
      saveWanted = false;
    }
    return wanted;
  }

  /**
   * Says how to keep the last good states of what trains from now on.
   *
   * @param save may be called from another thread
   */
  void keeping(Runnable save) {
    keeper = save;
  }

  /** Says what a launch takes, which a stop has to wait for. */
  void launchTakes(long nanos) {
    launchNanos = nanos;
  }

  /** Saves; if a stop was asked for, this is the answer to it. */
  void saving(Runnable save) {
    synchronized (saving) {
      save.run();
      answeredAt = System.nanoTime();
    }
  }

  private void awaitAnswer() {
    long asked = System.nanoTime();
    long from = asked;
    try {
      while (true) {
        long patience = Math.max(PATIENCE_NANOS, Math.min(MOST_PATIENCE_NANOS, 2 * launchNanos));
        TimeUnit.NANOSECONDS.sleep(from + patience - System.nanoTime());
        synchronized (saving) {
          // What comes after the answer, such as a table of all models, may take as long again.
          boolean answered = answeredAt != Long.MIN_VALUE && answeredAt - from > 0;
          if (!answered || from != asked) {
            unanswered.end(exitCode, keeper);
            return;
          }
          from = answeredAt;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
