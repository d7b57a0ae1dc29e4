// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;

/**
 * Moves of the prior (method step 3): with unit diffusion r = f + sqrt(2) eps (Eq. 7), with learned
 * diffusion r_i = M_i (f_i + dm_i/dz_i) + sqrt(2 M_i) eps_i, M = exp(m) (Eq. 4).
 */
public final class LangevinMoves extends BlockOperation {
  private final Region force;
  private final Region logDiffusion;
  private final Region noise;
  private final Region moves;

  private LangevinMoves(
      String name, Region force, Region logDiffusion, Region noise, Region moves) {
    super(name, moves.blocks(), "latent/langevin.cu");
    this.force = force;
    this.logDiffusion = logDiffusion;
    this.noise = noise;
    this.moves = moves;
    reads(force, noise);
    if (logDiffusion != null) {
      reads(logDiffusion);
    }
    writes(moves);
  }

  /** Samples with diffusion 1 per lag. */
  public static LangevinMoves unit(String name, Region force, Region noise, Region moves) {
    return new LangevinMoves(name, force, null, noise, moves);
  }

  /**
   * Samples with the learned diffusion.
   *
   * @param logDiffusion [1 + d][d] features: m, then its tangents
   */
  public static LangevinMoves learned(
      String name, Region force, Region logDiffusion, Region noise, Region moves) {
    return new LangevinMoves(name, force, logDiffusion, noise, moves);
  }

  @Override
  public String statement() {
    int dims = moves.features();
    return logDiffusion == null
        ? "langevin_unit_block(%s, %s, %s, %d);"
            .formatted(moves.block("b"), force.block("b"), noise.block("b"), dims)
        : "langevin_learned_block(%s, %s, %s, %s, %d);"
            .formatted(
                moves.block("b"),
                force.block("b"),
                logDiffusion.block("b"),
                noise.block("b"),
                dims);
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = moves.features();
    for (int i = 0; i < dims; i++) {
      float[] f = memory.rows(force)[b * dims + i];
      float[] eps = memory.rows(noise)[b * dims + i];
      float[] r = memory.rows(moves)[b * dims + i];
      if (logDiffusion == null) {
        for (int row = 0; row < r.length; row++) {
          r[row] = f[row] + (float) Math.sqrt(2) * eps[row];
        }
      } else {
        int m0 = b * logDiffusion.features();
        float[] m = memory.rows(logDiffusion)[m0 + i];
        float[] slope = memory.rows(logDiffusion)[m0 + (i + 1) * dims + i];
        for (int row = 0; row < r.length; row++) {
          double diffusion = Math.exp(m[row]);
          r[row] =
              (float) (diffusion * (f[row] + slope[row]) + Math.sqrt(2 * diffusion) * eps[row]);
        }
      }
    }
  }
}
