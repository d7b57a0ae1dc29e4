// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * Second half of the sliced Wasserstein distance: L = sum gap^2 / (L B), and beta times its
 * gradient dq_b = (2 beta / (L B)) sum_l gap[l][b] theta_l. Rows beyond the batch get zero.
 */
public final class WassersteinGradient extends BlockOperation {
  private final Layout layout;
  private final Losses losses;
  private final Region gap;
  private final Region theta;
  private final Region dq;
  private final SortPlan plan;

  /**
   * @param dq half rows, d features
   */
  public WassersteinGradient(
      String name,
      Layout layout,
      Losses losses,
      Region gap,
      Region theta,
      Region dq,
      SortPlan plan) {
    super(name, dq.blocks(), "sliced_wasserstein.cu");
    this.layout = layout;
    this.losses = losses;
    this.gap = gap;
    this.theta = theta;
    this.dq = dq;
    this.plan = plan;
    readsAll(gap, theta);
    writes(dq);
    losses.writtenBy(this);
  }

  private float share() {
    return 1f / ((float) plan.projections() * layout.batch());
  }

  @Override
  public String statement() {
    return "wasserstein_gradient_block(%s, %s, %s, %s, b * RB, %d, %d, %d, %d, %d, %s, %s * %s);"
        .formatted(
            gap.at(),
            theta.at(),
            dq.block("b"),
            losses.partial(Losses.REGULARIZATION),
            layout.batch(),
            layout.halfBlocks() * layout.rowsPerBlock(),
            dq.features(),
            plan.projections(),
            plan.padded(),
            literal(share()),
            Control.BETA.floatWord(),
            literal(2 * share()));
  }

  @Override
  public void run(HostMemory memory, int b) {
    int size = layout.rowsPerBlock();
    int rows = layout.halfBlocks() * size;
    int row0 = b * size;
    int real = Math.min(size, layout.batch() - row0);
    int dims = dq.features();
    float[] differences = memory.flat(gap);
    float[] directions = memory.flat(theta);
    float[][] out = memory.rows(dq);
    for (int i = 0; i < dims; i++) {
      Arrays.fill(out[b * dims + i], 0);
    }
    float[] line = new float[size];
    float[] squares = new float[size];
    for (int p = 0; p < plan.projections(); p++) {
      System.arraycopy(differences, p * rows + row0, line, 0, real);
      Loops.addSquares(squares, line);
      for (int i = 0; i < dims; i++) {
        Loops.addScaled(out[b * dims + i], line, directions[i * plan.padded() + p]);
      }
    }
    float scale = memory.control().getFloat(Control.BETA) * 2 * share();
    for (int i = 0; i < dims; i++) {
      float[] g = out[b * dims + i];
      Loops.scale(g, scale);
      Arrays.fill(g, real, size, 0);
    }
    losses.add(memory, Losses.REGULARIZATION, b, Loops.sum(squares) * share());
  }
}
