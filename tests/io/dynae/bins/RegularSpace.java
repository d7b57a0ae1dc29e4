// SPDX-License-Identifier: MIT
package io.dynae.bins;

import io.dynae.error.InputException;
import java.util.Arrays;

/**
 * Regular-space clustering: bin centres at least d_min apart, and each point's nearest centre.
 *
 * <p>Points are visited in a given order; one farther than d_min from every centre so far becomes a
 * centre, the first one always. The result is defined by the order alone, so this is the reference
 * of every parallel form. Distances are squared and in float: d2 = fma(dx, dx, d2) over dimensions
 * ascending, compared with d_min * d_min.
 */
public final class RegularSpace {
  private static final int TILE = 64;

  private final int dimension;
  private final int[] frames;
  private final float[] centers;

  private RegularSpace(int dimension, int[] frames, float[] centers) {
    this.dimension = dimension;
    this.frames = frames;
    this.centers = centers;
  }

  /**
   * Finds the centres.
   *
   * @param points [N, dimension] row by row, finite
   * @param order the rows to visit, each in 0 to N-1; not empty
   * @param minDist d_min, above 0
   * @param maxCenters most centres
   * @throws InputException for more centres than that
   */
  public static RegularSpace cluster(
      float[] points, int dimension, int[] order, float minDist, int maxCenters) {
    int[] frames = new int[Math.min(maxCenters, order.length)];
    int found = 0;
    Far far = new Far(points, dimension, order);
    // What is left is farther than d_min from every centre, so its first frame is the next one.
    while (far.count > 0) {
      if (found == maxCenters) {
        throw new InputException(
            String.format(
                "min_dist: bin centres <= max_centers does not hold: more than %d at"
                    + " min_dist (d_min) %s; use a larger min_dist, %s say, or more max_centers",
                maxCenters, minDist, minDist * 2));
      }
      frames[found++] = far.frames[0];
      far.keepBeyond(minDist * minDist);
    }
    frames = Arrays.copyOf(frames, found);
    float[] centers = new float[found * dimension];
    for (int k = 0; k < found; k++) {
      System.arraycopy(points, frames[k] * dimension, centers, k * dimension, dimension);
    }
    return new RegularSpace(dimension, frames, centers);
  }

  /** Number of centres K, at least 1. */
  public int count() {
    return frames.length;
  }

  /** Rows of the points that are centres, in the order found; not a copy. */
  public int[] frames() {
    return frames;
  }

  /** Centres [K, dimension] row by row, in the order found; not a copy. */
  public float[] centers() {
    return centers;
  }

  /**
   * The nearest centre of each point, 0 to K-1; the earlier one of two equally near.
   *
   * @param points [N, dimension] row by row, finite
   */
  public int[] nearest(float[] points) {
    int[] labels = new int[points.length / dimension];
    float[] tile = new float[dimension * TILE];
    float[] d2 = new float[TILE];
    float[] least = new float[TILE];
    int[] best = new int[TILE];
    for (int start = 0; start < labels.length; start += TILE) {
      int rows = Math.min(TILE, labels.length - start);
      transpose(points, start, rows, tile);
      Arrays.fill(least, Float.POSITIVE_INFINITY);
      Arrays.fill(best, 0);
      for (int k = 0; k < count(); k++) {
        distances(tile, k, d2);
        for (int j = 0; j < TILE; j++) {
          if (d2[j] < least[j]) {
            least[j] = d2[j];
            best[j] = k;
          }
        }
      }
      System.arraycopy(best, 0, labels, start, rows);
    }
    return labels;
  }

  /** Dimension-major, so that the loops over a tile's rows become vector instructions. */
  private void transpose(float[] points, int start, int rows, float[] tile) {
    for (int j = 0; j < rows; j++) {
      for (int i = 0; i < dimension; i++) {
        tile[i * TILE + j] = points[(start + j) * dimension + i];
      }
    }
  }

  private void distances(float[] tile, int center, float[] d2) {
    Arrays.fill(d2, 0);
    for (int i = 0; i < dimension; i++) {
      float c = centers[center * dimension + i];
      for (int j = 0; j < TILE; j++) {
        float dx = tile[i * TILE + j] - c;
        d2[j] = Math.fma(dx, dx, d2[j]);
      }
    }
  }

  /** The frames farther than d_min from every centre so far, in visiting order, packed. */
  private static final class Far {
    private final int dimension;
    private final int[] frames;
    private final float[] points;
    private int count;

    private Far(float[] from, int dimension, int[] order) {
      this.dimension = dimension;
      frames = order.clone();
      count = order.length;
      points = new float[count * dimension];
      for (int n = 0; n < count; n++) {
        for (int i = 0; i < dimension; i++) {
          points[n * dimension + i] = from[order[n] * dimension + i];
        }
      }
    }

    /** Drops the first frame, the new centre, and those within the radius of it. */
    private void keepBeyond(float radius2) {
      float[] center = Arrays.copyOf(points, dimension);
      int kept = 0;
      for (int n = 1; n < count; n++) {
        float d2 = 0;
        for (int i = 0; i < dimension; i++) {
          float x = points[n * dimension + i];
          float dx = x - center[i];
          d2 = Math.fma(dx, dx, d2);
          points[kept * dimension + i] = x;
        }
        frames[kept] = frames[n];
        // Written first and counted after: no branch to mispredict.
        kept += d2 > radius2 ? 1 : 0;
      }
      count = kept;
    }
  }
}
