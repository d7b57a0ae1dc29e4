// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;

/**
 * Gradient of {@link Reparameterize}, added to what its means and log-variances already have: dmu_i
 * += dz_i, dlv_i += dz_i eps_i exp(lv_i / 2) / 2.
 */
public final class ReparameterizeGradient extends BlockOperation {
  private final Region code;
  private final Region noise;
  private final Region dz;
  private final Region dcode;

  /**
   * @param code, dcode the encoder's output and its gradient, 2d features
   * @param noise, dz d features
   */
  public ReparameterizeGradient(String name, Region code, Region noise, Region dz, Region dcode) {
    super(name, dz.blocks(), "latent/reparameterize.cu");
    this.code = code;
    this.noise = noise;
    this.dz = dz;
    this.dcode = dcode;
    reads(code, noise, dz, dcode);
    writes(dcode);
  }

  @Override
  public String statement() {
    return "reparameterize_gradient_block(%s, %s, %s, %s, %d);"
        .formatted(
            dcode.block("b"), dz.block("b"), code.block("b"), noise.block("b"), dz.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = dz.features();
    for (int i = 0; i < dims; i++) {
      float[] logVariance = memory.rows(code)[b * 2 * dims + dims + i];
      float[] eps = memory.rows(noise)[b * dims + i];
      float[] g = memory.rows(dz)[b * dims + i];
      float[] dmean = memory.rows(dcode)[b * 2 * dims + i];
      float[] dlogVariance = memory.rows(dcode)[b * 2 * dims + dims + i];
      for (int r = 0; r < g.length; r++) {
        dmean[r] += g[r];
        dlogVariance[r] += (float) (0.5 * g[r] * eps[r] * Math.exp(0.5 * logVariance[r]));
      }
    }
  }
}
