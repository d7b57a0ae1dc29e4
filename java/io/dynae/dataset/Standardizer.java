// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.error.InputException;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.Frames;
import java.util.Arrays;

/**
 * Per-feature shift and scale of the input: x' = (x - mean) * scale, in double. The identity has no
 * arrays. Every mean is the sum of two floats and every scale a float, as checkpoints keep them.
 *
 * @param mean [D], or null
 * @param scale [D], one over the standard deviation, or null
 */
public record Standardizer(double[] mean, double[] scale) {
  /** Leaves values as they are. */
  public static final Standardizer NONE = new Standardizer(null, null);

  /**
   * Mean and standard deviation of every feature; one that never changes keeps its scale.
   *
   * @param images lose their mean image and share one scale, which makes the mean variance 1: a
   *     scale of its own would blow up the noise of pixels that hardly ever change
   * @throws InputException for a spread so small that its inverse is infinite as float32
   */
  public static Standardizer of(FrameSurvey survey, boolean images) {
    int features = survey.frames().features();
    double[] variance = new double[features];
    double[] shift = new double[features];
    double[] scale = new double[features];
    Arrays.setAll(variance, survey::variance);
    if (images) {
      Arrays.fill(variance, Arrays.stream(variance).average().orElseThrow());
    }
    for (int f = 0; f < features; f++) {
      double mean = survey.mean(f);
      shift[f] = (double) (float) mean + rest(mean);
      scale[f] = variance[f] > 0 ? (float) (1 / Math.sqrt(variance[f])) : 1;
      if (Double.isInfinite(scale[f])) {
        throw new InputException(
            "%s: feature %d spreads by %s, less than float32 can scale to 1; give the data in a smaller unit"
                .formatted(survey.frames().source(), f, Math.sqrt(variance[f])));
      }
    }
    return new Standardizer(shift, scale);
  }

  /**
   * From what a checkpoint keeps.
   *
   * @param mean [D], rounded to float32
   * @param rest [D], what the rounding left, or null
   * @param scale [D]
   */
  public static Standardizer of(float[] mean, float[] rest, float[] scale) {
    double[] shift = new double[mean.length];
    double[] factor = new double[mean.length];
    for (int f = 0; f < mean.length; f++) {
      shift[f] = (double) mean[f] + (rest == null ? 0 : rest[f]);
      factor[f] = scale[f];
    }
    return new Standardizer(shift, factor);
  }

  /** Whether it leaves values as they are. */
  public boolean identity() {
    return mean == null;
  }

  /** The frames as this leaves them; closing them closes {@code frames}. */
  public Frames of(Frames frames) {
    return identity() ? frames : new StandardizedFrames(frames, this);
  }

  /** The mean as float32. */
  public float[] roundedMean() {
    float[] rounded = new float[mean.length];
    for (int f = 0; f < rounded.length; f++) {
      rounded[f] = (float) mean[f];
    }
    return rounded;
  }

  /** What {@link #roundedMean} leaves. */
  public float[] restOfMean() {
    float[] left = new float[mean.length];
    for (int f = 0; f < left.length; f++) {
      left[f] = rest(mean[f]);
    }
    return left;
  }

  /** The scale, which is float32. */
  public float[] roundedScale() {
    float[] rounded = new float[scale.length];
    for (int f = 0; f < rounded.length; f++) {
      rounded[f] = (float) scale[f];
    }
    return rounded;
  }

  private static float rest(double value) {
    return (float) (value - (float) value);
  }

  /** Puts {@code n} standardised rows back into the input's unit, in place. */
  public void undo(float[] rows, int n) {
    if (identity()) {
      return;
    }
    for (int i = 0; i < n; i++) {
      for (int f = 0; f < mean.length; f++) {
        int at = i * mean.length + f;
        rows[at] = (float) (rows[at] / scale[f] + mean[f]);
      }
    }
  }

  /** Transforms {@code n} rows from {@code rows[at]} on, in place. */
  void apply(float[] rows, int at, int n) {
    for (int i = 0, to = at; i < n; i++, to += mean.length) {
      for (int f = 0; f < mean.length; f++) {
        rows[to + f] = (float) ((rows[to + f] - mean[f]) * scale[f]);
      }
    }
  }

  /** Transforms {@code n} rows into {@code out} from {@code out[at]} on. */
  void apply(double[] rows, int n, float[] out, int at) {
    for (int i = 0; i < n; i++) {
      for (int f = 0; f < mean.length; f++) {
        int from = i * mean.length + f;
        out[at + from] = (float) ((rows[from] - mean[f]) * scale[f]);
      }
    }
  }
}
