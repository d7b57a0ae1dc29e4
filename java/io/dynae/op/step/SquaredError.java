// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Losses;
import io.dynae.op.Region;
import io.dynae.op.WideOperation;
import io.dynae.op.WideRows;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reconstruction error (method step 2): L = sum over rows of ||y - target||^2 / B over both halves,
 * dy = 2 (y - target) / B. Rows beyond the batch count nothing.
 */
public final class SquaredError extends BlockOperation implements WideOperation {
  private final Layout layout;
  private final Losses losses;
  private final Region y;
  private final Region target;
  private final Region dy;

  public SquaredError(
      String name, Layout layout, Losses losses, Region y, Region target, Region dy) {
    super(name, y.blocks(), "step/squared_error.cu");
    this.layout = layout;
    this.losses = losses;
    this.y = y;
    this.target = target;
    this.dy = dy;
    reads(y, target);
    writes(dy);
    losses.writtenBy(this);
  }

  @Override
  public String statement() {
    return statement("squared_error_block");
  }

  /** 32 warps a block of rows. */
  @Override
  public Optional<WideRows> wide() {
    if (y.features() < WideRows.LEAST_FEATURES || layout.rowsPerBlock() != 32) {
      return Optional.empty();
    }
    String text = statement("squared_error_wide");
    return Optional.of(new WideRows(name(), text, y.blocks(), 1, 1024, 32));
  }

  private String statement(String function) {
    return "%s(%s, %s, %s, %s, b %% %d * RB, %d, %d, %s);"
        .formatted(
            function,
            y.block("b"),
            target.block("b"),
            dy.block("b"),
            losses.partial(Losses.RECONSTRUCTION),
            layout.halfBlocks(),
            layout.batch(),
            y.features(),
            literal(1f / layout.batch()));
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[][] output = memory.rows(y);
    float[][] wanted = memory.rows(target);
    float[][] gradient = memory.rows(dy);
    int features = y.features();
    int row0 = b % layout.halfBlocks() * layout.rowsPerBlock();
    int real = Math.min(layout.rowsPerBlock(), layout.batch() - row0);
    float scale = 2f / layout.batch();
    double loss = 0;
    for (int f = 0; f < features; f++) {
      float[] out = output[b * features + f];
      float[] want = wanted[b * features + f];
      float[] g = gradient[b * features + f];
      for (int r = 0; r < real; r++) {
        float e = out[r] - want[r];
        loss += (double) e * e;
        g[r] = e * scale;
      }
      Arrays.fill(g, real, g.length, 0);
    }
    losses.add(memory, Losses.RECONSTRUCTION, b, loss / layout.batch());
  }
}
