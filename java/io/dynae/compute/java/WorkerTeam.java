// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that run one body together and can meet inside it.
 *
 * <p>A meeting is needed every 50 us or so, which no blocking barrier keeps up with: threads spin a
 * little, then yield. Between bodies they sleep.
 */
final class WorkerTeam implements AutoCloseable {
  /** What every thread of the team runs. */
  interface Body {
    void run(int part);
  }

  private static final int SPINS = 20_000;
  private static final int YIELDS = 2_000;
  private static final long NAP_NANOS = 50_000;

  private final Thread[] threads;
  private final int parts;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile int generation;
  private volatile int started;
  private volatile Body body;
  private volatile boolean closed;

  /** Starts a team of {@code parts} workers, the caller of {@link #run} being one of them. */
  WorkerTeam(int parts) {
    this.parts = parts;
    this.threads = new Thread[parts - 1];
    for (int i = 0; i < threads.length; i++) {
      int part = i + 1;
      threads[i] = new Thread(() -> serve(part), "dynae-worker-" + part);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  int parts() {
    return parts;
  }

  /** Runs {@code work} on all workers and returns when all have finished. */
  void run(Body work) {
    failure.set(null);
    body = work;
    started++;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    guarded(work, 0);
    meet();
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("a worker failed: " + thrown, thrown);
    }
  }

  private void serve(int part) {
    int seen = 0;
    while (!closed) {
      int waits = 0;
      while (started == seen && !closed) {
        waits = pause(waits);
      }
      if (closed) {
        return;
      }
      seen++;
      guarded(body, part);
      meet();
    }
  }

  private void guarded(Body work, int part) {
    try {
      work.run(part);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Waits for all workers; all must call it equally often. */
  void meet() {
    if (parts == 1) {
      return;
    }
    int current = generation;
    if (arrived.incrementAndGet() == parts) {
      arrived.set(0);
      generation = current + 1;
      return;
    }
    int waits = 0;
    while (generation == current && failure.get() == null) {
      waits = pause(waits);
    }
  }

  private static int pause(int waits) {
    if (waits < SPINS) {
      Thread.onSpinWait();
    } else if (waits < SPINS + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(NAP_NANOS);
    }
    return waits + 1;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
