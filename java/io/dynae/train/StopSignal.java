// SPDX-License-Identifier: MIT
package io.dynae.train;

/** Asks a running training to save and stop after the launch in flight. */
public final class StopSignal {
  private volatile int exitCode;

  /**
   * Asks to stop; the first call counts.
   *
   * @param code exit code of the process, not zero
   */
  public void request(int code) {
    if (exitCode == 0) {
      exitCode = code;
    }
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
