// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Loops;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamOperation;
import java.util.Arrays;

/**
 * First half of the sliced Wasserstein distance (method step 4): both sets projected on every
 * direction and sorted; gap[l][b] is the difference sort(theta_l . q) - sort(theta_l . r) at the
 * rank of row b of q.
 */
public final class ProjectAndSort extends TeamOperation {
  private final Layout layout;
  private final Region q;
  private final Region r;
  private final Region theta;
  private final Region gap;
  private final Region scratch;
  private final SortPlan plan;

  /**
   * @param q, r half rows, d features
   * @param theta [d][padded]
   * @param gap [padded][rows of a half]
   * @param scratch sort memory in the arena, or null where work-group memory holds it
   */
  public ProjectAndSort(
      String name,
      Layout layout,
      Region q,
      Region r,
      Region theta,
      Region gap,
      Region scratch,
      SortPlan plan) {
    super(name, "wasserstein/sliced_wasserstein.cu");
    this.layout = layout;
    this.q = q;
    this.r = r;
    this.theta = theta;
    this.gap = gap;
    this.scratch = scratch;
    this.plan = plan;
    readsAll(q, r, theta);
    writesAll(gap);
    if (scratch != null) {
      writesAll(scratch);
    }
  }

  @Override
  public String localArrays() {
    int keys = plan.count() * plan.columns();
    return scratch != null
        ? ""
        : "LOCAL_ARRAY(float, keys_q, %d); LOCAL_ARRAY(int, index_q, %d); LOCAL_ARRAY(float, keys_r, %d);"
            .formatted(keys, keys, keys);
  }

  @Override
  public String statement() {
    int keys = plan.count() * plan.columns();
    String memory =
        scratch == null
            ? "keys_q, index_q, keys_r"
            : "%1$s + p_ * %2$d, (GLOBAL int*)(%1$s + p_ * %2$d + %3$d), %1$s + p_ * %2$d + 2 * %3$d"
                .formatted(scratch.at(), 3 * keys, keys);
    return ("for (int p_ = rank; p_ < %d; p_ += size) "
            + "project_and_sort(%s, %s, %s, %s, %s, p_ * SORT_COLUMNS, %d, %d, %d, %d);")
        .formatted(
            plan.blocks(),
            q.at(),
            r.at(),
            theta.at(),
            gap.at(),
            memory,
            plan.padded(),
            layout.batch(),
            layout.halfBlocks() * layout.rowsPerBlock(),
            q.features());
  }

  @Override
  public String teamLocalArrays() {
    return plan.fitsWarp() ? "" : localArrays();
  }

  @Override
  public String teamStatement(TeamMemory memory) {
    return plan.fitsWarp()
        ? "warp_project_and_sort(%s, %s, %s, %s, %d, %d, %d, %d, %d, worker, workers);"
            .formatted(
                q.at(),
                r.at(),
                theta.at(),
                gap.at(),
                plan.projections(),
                plan.padded(),
                layout.batch(),
                layout.halfBlocks() * layout.rowsPerBlock(),
                q.features())
        : statement();
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int count = layout.batch();
    int rows = layout.halfBlocks() * layout.rowsPerBlock();
    float[] line = new float[layout.rowsPerBlock()];
    float[] keysQ = new float[count];
    float[] keysR = new float[count];
    KeySort sortQ = new KeySort(count);
    KeySort sortR = new KeySort(count);
    float[] out = memory.flat(gap);
    for (int p = part; p < plan.projections(); p += parts) {
      project(memory, q, p, line, keysQ);
      project(memory, r, p, line, keysR);
      int[] orderQ = sortQ.order(keysQ);
      int[] orderR = sortR.order(keysR);
      for (int n = 0; n < count; n++) {
        out[p * rows + orderQ[n]] = keysQ[orderQ[n]] - keysR[orderR[n]];
      }
    }
  }

  private void project(HostMemory memory, Region set, int p, float[] line, float[] keys) {
    float[] directions = memory.flat(theta);
    float[][] rows = memory.rows(set);
    int dims = set.features();
    for (int row0 = 0, b = 0; row0 < keys.length; row0 += line.length, b++) {
      Arrays.fill(line, 0);
      for (int i = 0; i < dims; i++) {
        Loops.addScaled(line, rows[b * dims + i], directions[i * plan.padded() + p]);
      }
      System.arraycopy(line, 0, keys, row0, Math.min(line.length, keys.length - row0));
    }
  }
}
