// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.trajectory.Frames;
import java.util.Arrays;

/**
 * Per-feature shift and scale of the input: x' = (x - mean) * scale. The identity has no arrays.
 *
 * @param mean [D], or null
 * @param scale [D], one over the standard deviation, or null
 */
public record Standardizer(float[] mean, float[] scale) {
  private static final int CHUNK_FLOATS = 1 << 18;

  /** Leaves values as they are. */
  public static final Standardizer NONE = new Standardizer(null, null);

  /**
   * Mean and standard deviation of every feature; one that never changes keeps its scale.
   *
   * @param images lose their mean image and share one scale, which makes the mean variance 1: a
   *     scale of its own would blow up the noise of pixels that hardly ever change
   */
  public static Standardizer of(Frames frames, boolean images) {
    int features = frames.features();
    int chunk = Math.max(1, CHUNK_FLOATS / features);
    int count = (int) frames.count();
    float[] rows = new float[chunk * features];
    double[] mean = new double[features];
    double[] square = new double[features];
    // Welford's update: sums of squares of a trajectory far from zero would cancel.
    long seen = 0;
    for (int first = 0; first < count; first += chunk) {
      int n = Math.min(chunk, count - first);
      frames.read(first, n, rows, 0);
      for (int i = 0; i < n; i++) {
        seen++;
        for (int f = 0; f < features; f++) {
          double before = rows[i * features + f] - mean[f];
          mean[f] += before / seen;
          square[f] += before * (rows[i * features + f] - mean[f]);
        }
      }
    }
    if (images) {
      Arrays.fill(square, Arrays.stream(square).average().orElseThrow());
    }
    float[] shift = new float[features];
    float[] scale = new float[features];
    for (int f = 0; f < features; f++) {
      shift[f] = (float) mean[f];
      double deviation = Math.sqrt(square[f] / Math.max(1, seen));
      scale[f] = deviation > 0 ? (float) (1 / deviation) : 1;
    }
    return new Standardizer(shift, scale);
  }

  /** Whether it leaves values as they are. */
  public boolean identity() {
    return mean == null;
  }

  /** Puts {@code n} standardised rows back into the input's unit, in place. */
  public void undo(float[] rows, int n) {
    if (identity()) {
      return;
    }
    for (int i = 0; i < n; i++) {
      for (int f = 0; f < mean.length; f++) {
        int at = i * mean.length + f;
        rows[at] = rows[at] / scale[f] + mean[f];
      }
    }
  }

  /** Transforms {@code n} rows in place. */
  public void apply(float[] rows, int n) {
    if (identity()) {
      return;
    }
    for (int i = 0; i < n; i++) {
      for (int f = 0; f < mean.length; f++) {
        int at = i * mean.length + f;
        rows[at] = (rows[at] - mean[f]) * scale[f];
      }
    }
  }
}
