// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import java.util.Arrays;

/**
 * Gradient of each distance with respect to its first set: dq_b = (2 / (L N)) sum_l gap[l][b]
 * theta_l, added up over the steps of an evaluation in the order of l.
 */
public final class SetGradient extends TeamOperation {
  private final SetBatch batch;
  private final Region gap;
  private final Region theta;
  private final Region dq;

  /**
   * @param gap [pairs][rows]
   * @param theta [d][padded]
   * @param dq K sets
   */
  public SetGradient(String name, SetBatch batch, Region gap, Region theta, Region dq) {
    super(name, "wasserstein/sample_sets.cu");
    this.batch = batch;
    this.gap = gap;
    this.theta = theta;
    this.dq = dq;
    readsAll(gap, theta);
    writesAll(dq);
  }

  private float scale() {
    return (float) (2.0 / ((double) batch.projections() * batch.samples()));
  }

  @Override
  public String statement() {
    return ("ROLLED for (int t_ = GROUP * size + rank; t_ < %1$d; t_ += size * GROUPS) { "
            + "const int set_ = t_ / %2$d, b_ = t_ %% %2$d, first_ = %3$s - set_ * %4$d; "
            + "const int from_ = first_ < 0 ? 0 : first_, "
            + "end_ = first_ + %5$d, to_ = end_ < %6$d ? end_ : %6$d; "
            + "if (from_ < to_) set_gradient_block(%7$s + (from_ - first_) * %8$d, %9$s, "
            + "%10$s + set_ * %11$d + b_ * %12$d, b_ * RB, %13$d, %8$d, %14$d, from_, to_, %6$d, "
            + "%4$d, %15$s); }")
        .formatted(
            batch.sets() * batch.blocks(),
            batch.blocks(),
            batch.firstPair(),
            batch.padded(),
            batch.pairs(),
            batch.projections(),
            gap.at(),
            batch.rows(),
            theta.at(),
            dq.at(),
            batch.setFloats(),
            batch.dims() * batch.rowsPerBlock(),
            batch.samples(),
            batch.dims(),
            literal(scale()));
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int size = batch.rowsPerBlock();
    float[] gaps = memory.flat(gap);
    float[] directions = memory.flat(theta);
    float[] out = memory.flat(dq);
    float[] line = new float[size];
    float[][] sums = new float[batch.dims()][size];
    int pair0 = batch.firstPair(memory.cursor());
    for (int t = part; t < batch.sets() * batch.blocks(); t += parts) {
      int set = t / batch.blocks();
      int row0 = t % batch.blocks() * size;
      int first = pair0 - set * batch.padded();
      int from = Math.max(0, first);
      int to = Math.min(batch.projections(), first + batch.pairs());
      if (from >= to) {
        continue;
      }
      int real = Math.min(size, batch.samples() - row0);
      int at = set * batch.setFloats() + row0 * batch.dims();
      for (int i = 0; i < batch.dims(); i++) {
        if (from == 0) {
          Arrays.fill(sums[i], 0);
        } else {
          System.arraycopy(out, at + i * size, sums[i], 0, size);
        }
      }
      for (int p = from; p < to; p++) {
        System.arraycopy(gaps, (p - first) * batch.rows() + row0, line, 0, real);
        for (int i = 0; i < batch.dims(); i++) {
          Loops.addScaled(sums[i], line, directions[i * batch.padded() + p]);
        }
      }
      for (int i = 0; i < batch.dims(); i++) {
        if (to == batch.projections()) {
          Loops.scale(sums[i], scale());
        }
        System.arraycopy(sums[i], 0, out, at + i * size, real);
      }
    }
  }
}
