// SPDX-License-Identifier: MIT
package io.dynae.train;

import java.util.function.IntConsumer;

/**
 * Asks a running training to save and stop after the launch in flight; before training has begun
 * there is nothing to save, and the request is carried out at once.
 */
public final class StopSignal {
  private final IntConsumer atOnce;
  private boolean begun;
  private volatile int exitCode;

  /** A signal that waits for training to begin. */
  public StopSignal() {
    this(code -> {});
  }

  /**
   * Names what ends the process before training has begun.
   *
   * @param atOnce receives the exit code
   */
  public StopSignal(IntConsumer atOnce) {
    this.atOnce = atOnce;
  }

  /**
   * Asks to stop; the first call counts.
   *
   * @param code exit code of the process, not zero
   */
  public synchronized void request(int code) {
    if (exitCode == 0) {
      exitCode = code;
    }
    if (!begun) {
      atOnce.accept(exitCode);
    }
  }

  /** From here on files are written, so a request waits until the state is saved. */
  public synchronized void begin() {
    begun = true;
  }

  /** Whether someone asked. */
  public boolean requested() {
    return exitCode != 0;
  }

  /** The exit code asked for, 0 when nobody did. */
  public int exitCode() {
    return exitCode;
  }
}
