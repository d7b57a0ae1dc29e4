// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import java.util.Arrays;

/**
 * Regular-space clustering (method section 4): points are visited in order, and one farther than
 * d_min from every centre so far becomes a centre. The result is that of the sequential rule,
 * whatever the device.
 *
 * <p>Points are [d][n] in visiting order, n = control word POINTS, padded to a multiple of {@link
 * #GRANULE} with copies of the first.
 */
public final class RegularSpace extends TeamOperation {
  /** What n must be a multiple of on every device. */
  public static final int GRANULE = 1024;

  private final Region points;
  private final Region centers;
  private final Region count;
  private final int dims;
  private final int most;

  /**
   * @param centers [most][d]
   * @param count its first int receives the number of centres, most + 1 when they do not suffice
   */
  public RegularSpace(String name, Region points, Region centers, Region count, int dims) {
    super(name, "bins/bins.cu");
    this.points = points;
    this.centers = centers;
    this.count = count;
    this.dims = dims;
    this.most = centers.length() / dims;
    readsAll(points);
    writesAll(centers, count);
  }

  /** Points of a whole number of granules for {@code n} of them. */
  public static int padded(int n) {
    return Math.multiplyExact((n + GRANULE - 1) / GRANULE, GRANULE);
  }

  @Override
  public String localArrays() {
    return "LOCAL_ARRAY(int, chosen, 1);";
  }

  @Override
  public String statement() {
    return "if (rank == 0) regular_space(%s, %s, %s, %s, chosen, %s, %d, %d);"
        .formatted(
            points.at(),
            Control.POINTS.intWord(),
            centers.at(),
            count.at(),
            Control.MIN_DISTANCE_SQUARED.floatWord(),
            most,
            dims);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    if (part != 0) {
      return;
    }
    Control.Words words = memory.control();
    float limit = words.getFloat(Control.MIN_DISTANCE_SQUARED);
    PointTile tile = new PointTile(memory.flat(points), words.get(Control.POINTS), dims);
    memory.ints(count)[0] = cluster(tile, memory.flat(centers), limit);
  }

  /** Number of centres, which {@code found} receives; one more where they do not fit. */
  private int cluster(PointTile tile, float[] found, float limit) {
    float[] nearest = new float[PointTile.SIZE];
    int now = 0;
    for (int first = 0; first < tile.points(); first += PointTile.SIZE) {
      Arrays.fill(nearest, Float.POSITIVE_INFINITY);
      for (int c = 0; c < now; c++) {
        approach(tile, first, found, c, nearest);
      }
      for (int i = 0; i < PointTile.SIZE; i++) {
        if (nearest[i] > limit) {
          if (now == most) {
            return most + 1;
          }
          tile.copy(first + i, found, now);
          approach(tile, first, found, now, nearest);
          now++;
        }
      }
    }
    return now;
  }

  /** A distance that is not a number stays so, and is not above any limit. */
  private static void approach(PointTile tile, int first, float[] found, int c, float[] nearest) {
    float[] distance = tile.distances(first, found, c);
    for (int i = 0; i < PointTile.SIZE; i++) {
      nearest[i] = Math.min(nearest[i], distance[i]);
    }
  }
}
