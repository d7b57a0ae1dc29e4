// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Region;

/** Latents of a chunk as points to cluster: points[k][first + row] = z[row][k]. */
public final class StorePoints extends BlockOperation {
  private final Region z;
  private final Region points;
  private final Layout layout;

  /**
   * @param points [d][n], n = control word POINTS
   */
  public StorePoints(String name, Layout layout, Region z, Region points) {
    super(name, z.blocks(), "bins/permutation.cu", "bins/epoch.cu");
    this.layout = layout;
    this.z = z;
    this.points = points;
    reads(z);
    writesOwn(points);
  }

  @Override
  public String statement() {
    return "store_points(%s, %s, %s, %s, %d);"
        .formatted(
            points.at(),
            z.block("b"),
            VisitFrames.first(layout),
            Control.POINTS.intWord(),
            z.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    int width = memory.control().get(Control.POINTS);
    int size = layout.rowsPerBlock();
    int first =
        memory.control().get(Control.FIRST_POINT) + memory.cursor() * layout.batch() + b * size;
    if (first >= width) {
      return;
    }
    float[] out = memory.flat(points);
    for (int k = 0; k < z.features(); k++) {
      System.arraycopy(memory.rows(z)[b * z.features() + k], 0, out, k * width + first, size);
    }
  }
}
