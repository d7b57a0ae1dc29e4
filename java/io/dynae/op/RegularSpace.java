// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * Regular-space clustering (method section 4): points are visited in order, and one farther than
 * d_min from every centre so far becomes a centre. The result is that of the sequential rule,
 * whatever the device.
 *
 * <p>Points are the table of frames, [d][n] in visiting order, n = control word POINTS, padded to a
 * multiple of {@link #GRANULE} with copies of the first.
 */
public final class RegularSpace extends TeamOperation {
  /** What n must be a multiple of on every device. */
  public static final int GRANULE = 1024;

  private final Region centers;
  private final Region count;
  private final int dims;
  private final int most;

  /**
   * @param centers [most][d]
   * @param count its first word receives the number of centres as an int's bits, most + 1 when they
   *     do not suffice
   */
  public RegularSpace(String name, Region centers, Region count, int dims) {
    super(name, "bins.cu");
    this.centers = centers;
    this.count = count;
    this.dims = dims;
    this.most = centers.length() / dims;
    writesAll(centers, count);
  }

  @Override
  public String localArrays() {
    return "LOCAL_ARRAY(float, nearest, VW * GROUP_SIZE); LOCAL_ARRAY(int, chosen, 1);";
  }

  @Override
  public String statement() {
    return "if (rank == 0) regular_space(frames, %s, %s, (GLOBAL int*)%s, nearest, chosen, %s, %d, %d);"
        .formatted(
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
    float[] points = memory.frames();
    float[] found = memory.flat(centers);
    int now = 0;
    for (int i = 0; i < n && now <= most; i++) {
      if (far(points, n, i, found, now, limit)) {
        for (int k = 0; k < dims && now < most; k++) {
          found[now * dims + k] = points[k * n + i];
        }
        now++;
      }
    }
    memory.flat(count)[0] = Float.intBitsToFloat(now);
  }

  private boolean far(float[] points, int n, int i, float[] found, int now, float limit) {
    for (int c = 0; c < now; c++) {
      if (!(squaredDistance(points, n, i, found, c, dims) > limit)) {
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
