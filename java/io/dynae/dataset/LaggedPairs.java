// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.List;

/**
 * All pairs of frames (t, t + lag) that lie in one trajectory.
 *
 * <p>Frames are counted globally: trajectory after trajectory, from 0. With a prediction lag p the
 * decoder's targets t + p and t + lag + p lie in the same trajectory too, so a trajectory of n
 * frames gives n - lag - p pairs. Pairs are numbered from 0 in the order of their first frames.
 */
public final class LaggedPairs {
  private final int lag;
  private final int predictionLag;
  private final FrameSource source;
  private final int[] frameStart;
  private final int[] pairStart;

  /** Pairs without prediction lag of trajectories that are named by their number, from 0. */
  public LaggedPairs(int[] trajectoryLengths, int lag) {
    this(trajectoryLengths, FrameSource.numbered(trajectoryLengths), lag, 0);
  }

  /** Pairs of trajectories that are named one by one. */
  LaggedPairs(int[] trajectoryLengths, List<String> names, int lag, int predictionLag) {
    this(trajectoryLengths, FrameSource.named(names, trajectoryLengths), lag, predictionLag);
  }

  /**
   * Pairs of trajectories.
   *
   * @param trajectoryLengths frames of each
   * @param source where they come from, for errors
   * @param lag frames between the two of a pair, at least 1
   * @param predictionLag frames from a frame to its target, at least 0
   * @throws InputException for a trajectory shorter than lag + predictionLag + 1 frames, none at
   *     all, or 2^31 frames and more together
   */
  public LaggedPairs(int[] trajectoryLengths, FrameSource source, int lag, int predictionLag) {
    if (trajectoryLengths.length == 0) {
      throw new InputException(
          "input_data: trajectories >= 1 does not hold: 0; name a trajectory file");
    }
    this.lag = lag;
    this.predictionLag = predictionLag;
    this.source = source;
    frameStart = new int[trajectoryLengths.length + 1];
    pairStart = new int[trajectoryLengths.length + 1];
    long frames = 0;
    for (int i = 0; i < trajectoryLengths.length; i++) {
      int length = trajectoryLengths[i];
      requireOnePair(i, length);
      frames += length;
      if (frames > Integer.MAX_VALUE) {
        throw new InputException(
            String.format(
                "%s: frames of all trajectories <= %d does not hold: %d up to this one;"
                    + " use a stride or fewer trajectories",
                source.name(i), Integer.MAX_VALUE, frames));
      }
      frameStart[i + 1] = (int) frames;
      pairStart[i + 1] = pairStart[i] + length - reach();
    }
  }

  private void requireOnePair(int trajectory, int length) {
    if ((long) lag + predictionLag + 1 > length) {
      boolean predicts = predictionLag > 0;
      throw new InputException(
          String.format(
              "%s: frames >= lag%s + 1 does not hold: %s, lag %d%s;"
                  + " %suse a longer trajectory or a smaller lag",
              source.name(trajectory),
              predicts ? " + prediction_lag" : "",
              source.frames(trajectory, length),
              lag,
              predicts ? ", prediction_lag " + predictionLag : "",
              source.advice()));
    }
  }

  /** Pairs of all trajectories together. */
  public int count() {
    return pairStart[pairStart.length - 1];
  }

  /** Frames of all trajectories together. */
  public int frames() {
    return frameStart[frameStart.length - 1];
  }

  /** Frames between the two of a pair. */
  public int lag() {
    return lag;
  }

  /** Frames from a frame to its target. */
  public int predictionLag() {
    return predictionLag;
  }

  /** Global index of the first frame of pair k; the second is {@link #lag()} further. */
  public int first(int k) {
    if (k < 0 || k >= count()) {
      throw new IndexOutOfBoundsException("pair " + k + " of " + count());
    }
    int found = Arrays.binarySearch(pairStart, k);
    int trajectory = found >= 0 ? found : -found - 2;
    return frameStart[trajectory] + k - pairStart[trajectory];
  }

  /** Global indices of the first frames of all pairs, ascending. */
  public int[] firsts() {
    int[] firsts = new int[count()];
    for (int i = 0; i < trajectories(); i++) {
      for (int k = pairStart[i]; k < pairStart[i + 1]; k++) {
        firsts[k] = frameStart[i] + k - pairStart[i];
      }
    }
    return firsts;
  }

  /** Number of trajectories. */
  public int trajectories() {
    return frameStart.length - 1;
  }

  /** Number of pairs of one trajectory, at least 1. */
  int pairsOf(int trajectory) {
    return pairStart[trajectory + 1] - pairStart[trajectory];
  }

  /** Global index of the first frame of one trajectory. */
  int startOf(int trajectory) {
    return frameStart[trajectory];
  }

  FrameSource source() {
    return source;
  }

  /** Frames from the first frame of a pair to the last one that it or its targets use. */
  int reach() {
    return lag + predictionLag;
  }
}
