// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Loops;
import io.dynae.op.Losses;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamPart;
import java.util.Arrays;
import java.util.List;

/**
 * Second half of the sliced Wasserstein distance: L = sum gap^2 / (L B), and beta times its
 * gradient dq_b = (2 beta / (L B)) sum_l gap[l][b] theta_l. Rows beyond the batch get zero.
 */
public final class WassersteinGradient extends BlockOperation {
  /** Projections whose gaps a squad copies into its memory, 128 bytes each. */
  private static final int MOST_COPIED = 128;

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
    super(name, dq.blocks(), "wasserstein/sliced_wasserstein.cu");
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

  /** The squad's copy of the gaps, then the sums; the plain form where the copy would be large. */
  @Override
  public List<Operation> teamForm() {
    if (plan.projections() > MOST_COPIED) {
      return List.of(this);
    }
    int rows = layout.rowsPerBlock();
    int features = plan.projections() + (dq.features() * plan.projections() + rows - 1) / rows;
    // Never in the arena: written and read within a phase.
    Region gaps = new Region(name() + "_gaps", features, dq.blocks(), 0, 0, false);
    return List.of(new CopyGaps(gaps), new Sums(gaps));
  }

  private final class CopyGaps extends TeamPart {
    private final Region gaps;

    CopyGaps(Region gaps) {
      super(
          WassersteinGradient.this.name() + "_gaps",
          gaps.blocks(),
          "wasserstein/sliced_wasserstein.cu");
      this.gaps = gaps;
      readsAll(gap, theta);
      writes(gaps);
    }

    @Override
    public String teamStatement(TeamMemory memory) {
      return "team_copy_gaps(%s, %s, %s, b * RB, %d, %d, %d, %d);"
          .formatted(
              memory.pointer(gaps),
              gap.at(),
              theta.at(),
              layout.halfBlocks() * layout.rowsPerBlock(),
              dq.features(),
              plan.projections(),
              plan.padded());
    }

    @Override
    public int teamParts() {
      return ALL;
    }
  }

  private final class Sums extends TeamPart {
    private final Region gaps;

    Sums(Region gaps) {
      super(WassersteinGradient.this.name(), gaps.blocks(), "wasserstein/sliced_wasserstein.cu");
      this.gaps = gaps;
      reads(gaps);
      writes(dq);
      losses.writtenBy(this);
    }

    @Override
    public String teamStatement(TeamMemory memory) {
      return "team_wasserstein_gradient(part, %s, %s, %s, b * RB, %d, %d, %d, %s, %s * %s);"
          .formatted(
              memory.pointer(gaps),
              memory.pointer(dq),
              losses.partial(Losses.REGULARIZATION),
              layout.batch(),
              dq.features(),
              plan.projections(),
              literal(share()),
              Control.BETA.floatWord(),
              literal(2 * share()));
    }

    @Override
    public int teamParts() {
      return dq.features() + 1;
    }
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
