// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;

/** Refuses trajectories with values that are not finite numbers. */
public final class FiniteCheck {
  private static final int CHUNK_VALUES = 1 << 16;

  private FiniteCheck() {}

  /**
   * Reads all of {@code frames}, in chunks.
   *
   * @throws InputException naming file, frame, feature and value of the first one that is NaN,
   *     infinite, or infinite once rounded to float32
   */
  public static void require(Frames frames) {
    int features = frames.features();
    long count = frames.count();
    int rows = (int) Math.min(count, Math.max(1, CHUNK_VALUES / features));
    float[] chunk = new float[Math.multiplyExact(rows, features)];
    for (long first = 0; first < count; first += rows) {
      int n = (int) Math.min(rows, count - first);
      frames.read((int) first, n, chunk, 0);
      for (int i = 0; i < n * features; i++) {
        if (!Float.isFinite(chunk[i])) {
          throw refusal(frames, (int) first + i / features, i % features);
        }
      }
    }
  }

  private static InputException refusal(Frames frames, int frame, int feature) {
    double value = frames.value(frame, feature);
    return new InputException(
        String.format(
            "%s, feature %d: finite value does not hold: %s%s; remove or repair the frame",
            frames.locate(frame),
            feature,
            value,
            Double.isFinite(value) ? " is infinite as float32" : ""));
  }
}
