// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import java.util.Arrays;

/**
 * Voronoi assignment: label[i] = nearest centre of point i, the lowest index among equals. Points
 * as in {@link RegularSpace}.
 */
public final class NearestCenter extends TeamOperation {
  private final Region points;
  private final Region centers;
  private final Region count;
  private final Region labels;
  private final int dims;

  /**
   * @param centers [most][d]
   * @param count number of centres, as {@link RegularSpace} leaves it
   * @param labels receives a bin a point, padding included
   */
  public NearestCenter(
      String name, Region points, Region centers, Region count, Region labels, int dims) {
    super(name, "bins/bins.cu");
    this.points = points;
    this.centers = centers;
    this.count = count;
    this.labels = labels;
    this.dims = dims;
    readsAll(points, centers, count);
    writesAll(labels);
  }

  @Override
  public String statement() {
    int most = centers.length() / dims;
    return "nearest_center(%s, %s, %s, min(%s[0], %d), %s, %d, item, items);"
        .formatted(
            points.at(),
            Control.POINTS.intWord(),
            centers.at(),
            count.at(),
            most,
            labels.at(),
            dims);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int n = memory.control().get(Control.POINTS);
    int now = Math.min(centers.length() / dims, memory.ints(count)[0]);
    PointTile tile = new PointTile(memory.flat(points), n, dims);
    float[] found = memory.flat(centers);
    int[] out = memory.ints(labels);
    float[] best = new float[PointTile.SIZE];
    for (int t = part; t < n / PointTile.SIZE; t += parts) {
      int first = t * PointTile.SIZE;
      Arrays.fill(best, Float.POSITIVE_INFINITY);
      Arrays.fill(out, first, first + PointTile.SIZE, 0);
      for (int c = 0; c < now; c++) {
        float[] distance = tile.distances(first, found, c);
        for (int i = 0; i < PointTile.SIZE; i++) {
          if (distance[i] < best[i]) {
            best[i] = distance[i];
            out[first + i] = c;
          }
        }
      }
    }
  }
}
