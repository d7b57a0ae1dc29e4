// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Losses;
import io.dynae.op.Region;
import java.util.Arrays;

/**
 * Kullback-Leibler divergence of a variational encoder from the standard normal (method section 5,
 * beta-VAE): L = mean over rows of -1/2 sum_i (1 + lv_i - mu_i^2 - exp(lv_i)), and beta times its
 * gradient. Rows beyond the batch count nothing.
 */
public final class GaussianKl extends BlockOperation {
  private final Layout layout;
  private final Losses losses;
  private final Region code;
  private final Region dcode;

  /**
   * @param code, dcode means, then log-variances, and their gradient: half rows, 2d features
   */
  public GaussianKl(String name, Layout layout, Losses losses, Region code, Region dcode) {
    super(name, code.blocks(), "latent/kl_divergence.cu");
    this.layout = layout;
    this.losses = losses;
    this.code = code;
    this.dcode = dcode;
    reads(code);
    writes(dcode);
    losses.writtenBy(this);
  }

  @Override
  public String statement() {
    return "gaussian_kl_block(%s, %s, %s, b * RB, %d, %d, %s, %s);"
        .formatted(
            code.block("b"),
            dcode.block("b"),
            losses.partial(Losses.REGULARIZATION),
            layout.batch(),
            code.features() / 2,
            literal(1f / layout.batch()),
            Control.BETA.floatWord());
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = code.features() / 2;
    int real = Math.min(layout.rowsPerBlock(), layout.batch() - b * layout.rowsPerBlock());
    double share = 1.0 / layout.batch();
    double beta = memory.control().getFloat(Control.BETA);
    double loss = 0;
    for (int i = 0; i < dims; i++) {
      int at = b * 2 * dims + i;
      float[] mean = memory.rows(code)[at];
      float[] logVariance = memory.rows(code)[at + dims];
      float[] dmean = memory.rows(dcode)[at];
      float[] dlogVariance = memory.rows(dcode)[at + dims];
      for (int r = 0; r < real; r++) {
        double variance = Math.exp(logVariance[r]);
        loss -= 0.5 * share * (1 + logVariance[r] - mean[r] * (double) mean[r] - variance);
        dmean[r] = (float) (beta * share * mean[r]);
        dlogVariance[r] = (float) (0.5 * beta * share * (variance - 1));
      }
      Arrays.fill(dmean, real, dmean.length, 0);
      Arrays.fill(dlogVariance, real, dlogVariance.length, 0);
    }
    losses.add(memory, Losses.REGULARIZATION, b, loss);
  }
}
