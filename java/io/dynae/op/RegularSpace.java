// SPDX-License-Identifier: MIT
package io.dynae.op;

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
    super(name, "bins.cu");
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
    int n = memory.control().get(Control.POINTS);
    float limit = memory.control().getFloat(Control.MIN_DISTANCE_SQUARED);
    float[] from = memory.flat(points);
    float[] found = memory.flat(centers);
    int now = 0;
    for (int i = 0; i < n && now <= most; i++) {
      if (far(from, n, i, found, now, limit)) {
        for (int k = 0; k < dims && now < most; k++) {
          found[now * dims + k] = from[k * n + i];
        }
        now++;
      }
    }
    memory.ints(count)[0] = now;
  }

  private boolean far(float[] from, int n, int i, float[] found, int now, float limit) {
    for (int c = 0; c < now; c++) {
      if (!(squaredDistance(from, n, i, found, c, dims) > limit)) {
        return false;
      }
    }
    return true;
  }

  /** Sum of squared differences, each added by fma in ascending order: the same bits everywhere. */
  static float squaredDistance(float[] points, int n, int i, float[] centers, int c, int dims) {
    float sum = 0;
    for (int k = 0; k < dims; k++) {
      float dx = points[k * n + i] - centers[c * dims + k];
      sum = Math.fma(dx, dx, sum);
    }
    return sum;
  }
}
