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
 * Kullback-Leibler divergence of SDE-VAE (method section 5) and beta times its gradients. With the
 * encoded moves q = mu1 - mu0, their errors e = q - f(mu0), and p = -log(nu) the log-variance of
 * the prior of the first latent,
 *
 * <pre>
 * L = mean over pairs of -1/2 sum_i [1 + lv0 - nu (mu0^2 + exp(lv0)) - p - exp(lv0)
 *                                    + 1 + lv1 - exp(lv1) - e^2]
 * </pre>
 *
 * <p>The gradient of e^2 comes out at the moves and at the force, through which it goes on to the
 * means. Rows beyond the batch count nothing.
 */
public final class LangevinKl extends BlockOperation {
  private final Layout layout;
  private final Losses losses;
  private final Region code;
  private final Region moves;
  private final Region force;
  private final Region dcode;
  private final Region dmoves;
  private final Region dforce;

  /**
   * @param code, dcode means, then log-variances, and their gradient: both halves, 2d features
   * @param moves, force, dmoves, dforce half rows, d features
   */
  public LangevinKl(
      String name,
      Layout layout,
      Losses losses,
      Region code,
      Region moves,
      Region force,
      Region dcode,
      Region dmoves,
      Region dforce) {
    super(name, code.blocks(), "latent/kl_divergence.cu");
    this.layout = layout;
    this.losses = losses;
    this.code = code;
    this.moves = moves;
    this.force = force;
    this.dcode = dcode;
    this.dmoves = dmoves;
    this.dforce = dforce;
    reads(code, moves, force);
    writes(dcode, dmoves, dforce);
    losses.writtenBy(this);
  }

  @Override
  public String statement() {
    int half = layout.halfBlocks();
    return ("langevin_kl_block(%s, %s, %s, %s, %s, %s, %s, b < %d, b %% %d * RB, %d, %d, %s, %s,"
            + " %s);")
        .formatted(
            code.block("b"),
            moves.block("b"),
            force.block("b"),
            dcode.block("b"),
            dmoves.block("b"),
            dforce.block("b"),
            losses.partial(Losses.REGULARIZATION),
            half,
            half,
            layout.batch(),
            moves.features(),
            literal(1f / layout.batch()),
            Control.NU.floatWord(),
            Control.BETA.floatWord());
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = moves.features();
    int half = layout.halfBlocks();
    int row0 = b % half * layout.rowsPerBlock();
    int real = Math.min(layout.rowsPerBlock(), layout.batch() - row0);
    double share = 0.5 / layout.batch();
    double nu = memory.control().getFloat(Control.NU);
    boolean first = b < half;
    double precision = first ? nu : 0;
    double constant = first ? 1 + Math.log(nu) : 1;
    double beta = memory.control().getFloat(Control.BETA);
    double loss = 0;
    for (int i = 0; i < dims; i++) {
      int at = b * 2 * dims + i;
      float[] mean = memory.rows(code)[at];
      float[] logVariance = memory.rows(code)[at + dims];
      float[] dmean = memory.rows(dcode)[at];
      float[] dlogVariance = memory.rows(dcode)[at + dims];
      for (int r = 0; r < real; r++) {
        double variance = (1 + precision) * Math.exp(logVariance[r]);
        double square = precision * mean[r] * mean[r];
        loss -= share * (constant + logVariance[r] - square - variance);
        dmean[r] = (float) (2 * beta * share * precision * mean[r]);
        dlogVariance[r] = (float) (beta * share * (variance - 1));
      }
      Arrays.fill(dmean, real, dmean.length, 0);
      Arrays.fill(dlogVariance, real, dlogVariance.length, 0);
      loss += first ? share * errors(memory, b * dims + i, real, 2 * beta * share) : 0;
    }
    losses.add(memory, Losses.REGULARIZATION, b, loss);
  }

  /** The sum of squared errors of the moves; their gradient is {@code scale} times the errors. */
  private double errors(HostMemory memory, int at, int real, double scale) {
    float[] q = memory.rows(moves)[at];
    float[] f = memory.rows(force)[at];
    float[] dq = memory.rows(dmoves)[at];
    float[] df = memory.rows(dforce)[at];
    double sum = 0;
    for (int r = 0; r < real; r++) {
      double e = q[r] - f[r];
      sum += e * e;
      dq[r] = (float) (scale * e);
      df[r] = -dq[r];
    }
    Arrays.fill(dq, real, dq.length, 0);
    Arrays.fill(df, real, df.length, 0);
    return sum;
  }
}
