// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.MultiplyAdd;
import java.util.Arrays;

/** Squared distances of neighbouring points to a centre, in loops that the JIT vectorises. */
public final class PointTile {
  /** Points of a tile; divides {@link RegularSpace#GRANULE}. */
  public static final int SIZE = 256;

  private final float[] values;
  private final int points;
  private final int dims;
  private final float[] distance = new float[SIZE];

  /**
   * @param values [dims][points]
   */
  public PointTile(float[] values, int points, int dims) {
    this.values = values;
    this.points = points;
    this.dims = dims;
  }

  int points() {
    return points;
  }

  /**
   * Sums of squared differences of points {@code first} to {@code first + SIZE - 1} from centre
   * {@code c}, each added by fma in ascending order: the same bits everywhere. Valid until the next
   * call.
   */
  public float[] distances(int first, float[] centers, int c) {
    Arrays.fill(distance, 0);
    for (int k = 0; k < dims; k++) {
      float center = centers[c * dims + k];
      int at = k * points + first;
      for (int i = 0; i < SIZE; i++) {
        float dx = values[at + i] - center;
        distance[i] = MultiplyAdd.exact(dx, dx, distance[i]);
      }
    }
    return distance;
  }

  /** Makes point {@code i} centre {@code c}. */
  void copy(int i, float[] centers, int c) {
    for (int k = 0; k < dims; k++) {
      centers[c * dims + k] = values[k * points + i];
    }
  }
}
