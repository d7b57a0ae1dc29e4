// SPDX-License-Identifier: MIT
package io.dynae.simulation;

/** A system under way. For one thread. */
public interface Motion {
  /** Numbers of one state: the true coordinates first, then what stays hidden. */
  int stateSize();

  /**
   * Moves on by {@code frames} lags and writes the state at the start of each, row by row, from
   * {@code rows[0]} on.
   */
  void advance(int frames, double[] rows);

  /** Moves on by {@code frames} lags and returns this. */
  default Motion after(int frames) {
    int chunk = 1024;
    double[] rows = new double[chunk * stateSize()];
    for (int done = 0; done < frames; done += chunk) {
      advance(Math.min(chunk, frames - done), rows);
    }
    return this;
  }
}
