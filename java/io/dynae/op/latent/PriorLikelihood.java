// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Losses;
import io.dynae.op.Region;
import java.util.Arrays;

/**
 * Likelihood of the encoded moves under the prior (method step 6, Eq. 5 and 6): L = mean over rows
 * of 1/2 sum_i [m_i + e_i^2 / (2 M_i)], e_i = q_i - M_i (f_i + dm_i/dz_i), M = exp(m), with its
 * gradients with respect to f, m and dm_i/dz_i. Rows beyond the batch count nothing.
 */
public final class PriorLikelihood extends BlockOperation {
  private final Layout layout;
  private final Losses losses;
  private final Region moves;
  private final Region force;
  private final Region logDiffusion;
  private final Region forceGradient;
  private final Region logDiffusionGradient;

  /**
   * @param moves, force, forceGradient half rows, d features
   * @param logDiffusion, logDiffusionGradient half rows, [1 + d][d] features
   */
  public PriorLikelihood(
      String name,
      Layout layout,
      Losses losses,
      Region moves,
      Region force,
      Region logDiffusion,
      Region forceGradient,
      Region logDiffusionGradient) {
    super(name, moves.blocks(), "latent/prior_likelihood.cu");
    this.layout = layout;
    this.losses = losses;
    this.moves = moves;
    this.force = force;
    this.logDiffusion = logDiffusion;
    this.forceGradient = forceGradient;
    this.logDiffusionGradient = logDiffusionGradient;
    reads(moves, force, logDiffusion);
    writes(forceGradient, logDiffusionGradient);
    losses.writtenBy(this);
  }

  @Override
  public String statement() {
    return "prior_likelihood_block(%s, %s, %s, %s, %s, %s, b * RB, %d, %d, %s);"
        .formatted(
            moves.block("b"),
            force.block("b"),
            logDiffusion.block("b"),
            forceGradient.block("b"),
            logDiffusionGradient.block("b"),
            losses.partial(Losses.PRIOR),
            layout.batch(),
            moves.features(),
            literal(1f / layout.batch()));
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = moves.features();
    int m0 = b * logDiffusion.features();
    float[][] m = memory.rows(logDiffusion);
    float[][] dm = memory.rows(logDiffusionGradient);
    int real = Math.min(layout.rowsPerBlock(), layout.batch() - b * layout.rowsPerBlock());
    double share = 0.5 / layout.batch();
    double loss = 0;
    for (int i = 0; i < dims; i++) {
      float[] q = memory.rows(moves)[b * dims + i];
      float[] f = memory.rows(force)[b * dims + i];
      float[] df = memory.rows(forceGradient)[b * dims + i];
      float[] slope = m[m0 + (i + 1) * dims + i];
      float[] dmi = dm[m0 + i];
      for (int r = 0; r < real; r++) {
        double diffusion = Math.exp(m[m0 + i][r]);
        double drift = f[r] + slope[r];
        double e = q[r] - diffusion * drift;
        double w = e * e / (2 * diffusion);
        loss += share * (m[m0 + i][r] + w);
        df[r] = (float) (-share * e);
        dmi[r] = (float) (share * (1 - w - e * drift));
      }
      Arrays.fill(df, real, df.length, 0);
      Arrays.fill(dmi, real, dmi.length, 0);
      for (int s = 1; s <= dims; s++) {
        float[] dslope = dm[m0 + s * dims + i];
        if (s == i + 1) {
          System.arraycopy(df, 0, dslope, 0, df.length);
        } else {
          Arrays.fill(dslope, 0);
        }
      }
    }
    losses.add(memory, Losses.PRIOR, b, loss);
  }
}
