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
    /** Runs share {@code part} of {@code parts}. */
    void run(int part, int parts);
  }

  /** One call of {@link #run}: threads from {@code parts} on sit it out. */
  private record Job(Body body, int parts) {}

  private static final int SPINS = 20_000;
  private static final int YIELDS = 2_000;
  private static final long NAP_NANOS = 50_000;

  private final Thread[] threads;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile int generation;
  private volatile Job job;
  private volatile boolean closed;

  /** Starts a team of {@code parts} workers, the caller of {@link #run} being one of them. */
  WorkerTeam(int parts) {
    this.threads = new Thread[parts - 1];
    for (int i = 0; i < threads.length; i++) {
      int part = i + 1;
      threads[i] = new Thread(() -> serve(part), "dynae-worker-" + part);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** Most workers of a run. */
  int size() {
    return threads.length + 1;
  }

  /**
   * Runs {@code work} on {@code parts} workers and returns when all have finished.
   *
   * @param parts 1 to {@link #size}
   */
  void run(int parts, Body work) {
    failure.set(null);
    Job next = new Job(work, parts);
    job = next;
    for (int i = 0; i < parts - 1; i++) {
      LockSupport.unpark(threads[i]);
    }
    guarded(next, 0);
    meet();
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("a worker failed: " + thrown, thrown);
    }
  }

  private void serve(int part) {
    Job last = null;
    while (!closed) {
      int waits = 0;
      Job next = job;
      while (next == last && !closed) {
        waits = pause(waits);
        next = job;
      }
      last = next;
      if (!closed && part < next.parts()) {
        guarded(next, part);
        meet();
      }
    }
  }

  private void guarded(Job work, int part) {
    try {
      work.body().run(part, work.parts());
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Waits for all workers of the run; all must call it equally often. */
  void meet() {
    int parts = job.parts();
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
