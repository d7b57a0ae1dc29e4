// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * Voronoi assignment: label[i] = nearest centre of point i, the lowest index among equals.
 *
 * <p>Points as in {@link RegularSpace}; the labels go to the list of frame numbers.
 */
public final class NearestCenter extends TeamOperation {
  private final Region centers;
  private final Region count;
  private final int dims;

  /**
   * @param centers [most][d]
   * @param count number of centres, as {@link RegularSpace} leaves it
   */
  public NearestCenter(String name, Region centers, Region count, int dims) {
    super(name, "bins.cu");
    this.centers = centers;
    this.count = count;
    this.dims = dims;
    readsAll(centers, count);
  }

  @Override
  public String statement() {
    int most = centers.length() / dims;
    return "nearest_center(frames, %s, %s, min(((GLOBAL const int*)%s)[0], %d), list, %d, item, items);"
        .formatted(Control.POINTS.intWord(), centers.at(), count.at(), most, dims);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int n = memory.control().get(Control.POINTS);
    int most = centers.length() / dims;
    int now = Math.min(most, Float.floatToRawIntBits(memory.flat(count)[0]));
    float[] points = memory.frames();
    float[] found = memory.flat(centers);
    int[] labels = memory.index();
    int begin = (int) ((long) n * part / parts);
    int end = (int) ((long) n * (part + 1) / parts);
    for (int i = begin; i < end; i++) {
      float best = Float.POSITIVE_INFINITY;
      int label = 0;
      for (int c = 0; c < now; c++) {
        float distance = RegularSpace.squaredDistance(points, n, i, found, c, dims);
        if (distance < best) {
          best = distance;
          label = c;
        }
      }
      labels[i] = label;
    }
  }
}
