// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What one pass over a trajectory tells of its features: mean, spread, extremes, what rounding to
 * float32 costs, which never change and which repeat another. In double, on values as they are
 * stored; a chunk of frames and a few numbers a feature are in memory.
 */
public final class FrameSurvey {
  private static final int CHUNK_VALUES = 1 << 16;

  /** Share of a feature's spread that rounding to float32 may take. */
  private static final double MOST_LOST = 0.01;

  private static final long ODD = 0x9E3779B97F4A7C15L;

  private final Frames frames;

  /** The first frame, which is taken off all: next to a large mean small steps would be lost. */
  private final double[] origin;

  /** Mean and sum of squared deviations of what is left. */
  private final double[] mean;

  private final double[] square;
  private final double[] least;
  private final double[] most;

  /** Sums of squared rounding errors; null where float32 is exact. */
  private final double[] lost;

  /** A hash of each feature's values in their order; null where features are not told apart. */
  private final long[] hash;

  private long repeats;

  private FrameSurvey(Frames frames, boolean compare) {
    this.frames = frames;
    int features = frames.features();
    origin = new double[features];
    mean = new double[features];
    square = new double[features];
    least = new double[features];
    most = new double[features];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    lost = frames.exact() ? null : new double[features];
    hash = compare ? new long[features] : null;
  }

  /**
   * Reads all of {@code frames}, in chunks.
   *
   * @param compare look for features that repeat another; of images that is not asked
   * @throws InputException as {@link FiniteCheck#require}
   */
  public static FrameSurvey of(Frames frames, boolean compare) {
    FrameSurvey survey = new FrameSurvey(frames, compare);
    int features = frames.features();
    int count = (int) frames.count();
    int rows = Math.max(1, Math.min(count, CHUNK_VALUES / features));
    // Row 0 is the last frame of the chunk before.
    double[] chunk = new double[Math.multiplyExact(rows + 1, features)];
    for (long first = 0; first < count; first += rows) {
      int n = (int) Math.min(rows, count - first);
      frames.readDoubles((int) first, n, chunk, features);
      if (first == 0) {
        System.arraycopy(chunk, features, survey.origin, 0, features);
      }
      for (int i = 1; i <= n; i++) {
        survey.add(chunk, i * features, first + i);
      }
      survey.requireFinite();
      System.arraycopy(chunk, n * features, chunk, 0, features);
    }
    return survey;
  }

  /** Adds the row at {@code at}, the {@code seen}-th frame; the one before it is in front. */
  private void add(double[] rows, int at, long seen) {
    // Welford's update: sums of squares of a trajectory far from zero would cancel.
    double share = 1.0 / seen;
    for (int f = 0; f < mean.length; f++) {
      double x = rows[at + f];
      double moved = x - origin[f];
      double before = moved - mean[f];
      mean[f] += before * share;
      square[f] += before * (moved - mean[f]);
      if (x < least[f]) {
        least[f] = x;
      }
      if (x > most[f]) {
        most[f] = x;
      }
    }
    for (int f = 0; lost != null && f < lost.length; f++) {
      double error = rows[at + f] - (float) rows[at + f];
      lost[f] += error * error;
    }
    for (int f = 0; hash != null && f < hash.length; f++) {
      // Adding 0 makes -0 the same as 0.
      long mixed = (hash[f] ^ Double.doubleToRawLongBits(rows[at + f] + 0.0)) * ODD;
      hash[f] = mixed ^ mixed >>> 32;
    }
    if (seen > 1 && Arrays.equals(rows, at - mean.length, at, rows, at, at + mean.length)) {
      repeats++;
    }
  }

  private void requireFinite() {
    for (int f = 0; f < mean.length; f++) {
      // NaN is in no extreme, but in the mean.
      boolean finite = Float.isFinite((float) least[f]) && Float.isFinite((float) most[f]);
      if (!finite || Double.isNaN(mean[f])) {
        FiniteCheck.require(frames);
      }
    }
  }

  /** Mean of a feature. */
  public double mean(int feature) {
    return origin[feature] + mean[feature];
  }

  /** Variance of a feature, over all frames. */
  public double variance(int feature) {
    return square[feature] / Math.max(1, frames.count());
  }

  public Frames frames() {
    return frames;
  }

  /** Mean over the frames of the sum of all squares. */
  public double meanSquare() {
    double sum = 0;
    for (int f = 0; f < mean.length; f++) {
      sum += mean(f) * mean(f) + variance(f);
    }
    return sum;
  }

  /** Sum of all features' variances. */
  public double totalVariance() {
    return IntStream.range(0, mean.length).mapToDouble(this::variance).sum();
  }

  /** Features that never change, ascending. */
  public int[] constant() {
    return features(f -> least[f] == most[f]);
  }

  /** Features that never change once they are rounded to float32, ascending. */
  public int[] constantAsFloat() {
    return features(f -> (float) least[f] == (float) most[f]);
  }

  /** Features that lose over 1% of their standard deviation to rounding, ascending. */
  public int[] rounded() {
    return features(f -> lost != null && lost[f] > MOST_LOST * MOST_LOST * square[f]);
  }

  /** Features that change and equal an earlier one in every frame, each with that one. */
  public Map<Integer, Integer> copies() {
    Map<Integer, Integer> copies = new HashMap<>();
    Map<Long, Integer> seen = new HashMap<>();
    for (int f = 0; hash != null && f < hash.length; f++) {
      Integer first = least[f] == most[f] ? null : seen.putIfAbsent(hash[f], f);
      if (first != null) {
        copies.put(f, first);
      }
    }
    return copies;
  }

  /** Frames that equal the one before them. */
  public long repeats() {
    return repeats;
  }

  private int[] features(IntPredicate which) {
    return IntStream.range(0, mean.length).filter(which).toArray();
  }

  /**
   * Names the value that is farthest from an offset, in a scale.
   *
   * @param offset [features]
   * @param scale [features], not negative
   * @return such as {@code 1e9 (x.npy: frame 17, feature 3)}
   */
  public String farthest(double[] offset, double[] scale) {
    int feature = 0;
    double value = most[0];
    double farthest = -1;
    for (int f = 0; f < mean.length; f++) {
      for (double extreme : new double[] {least[f], most[f]}) {
        double distance = Math.abs(extreme - offset[f]) * scale[f];
        if (distance > farthest) {
          farthest = distance;
          feature = f;
          value = extreme;
        }
      }
    }
    int frame = 0;
    while (frame + 1 < frames.count() && frames.value(frame, feature) != value) {
      frame++;
    }
    return "%s (%s, feature %d)".formatted(value, frames.locate(frame), feature);
  }
}
