// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;

/**
 * Samples of a variational encoder (method section 5): z_i = mu_i + exp(lv_i / 2) eps_i, where its
 * output holds means mu and then log-variances lv.
 */
public final class Reparameterize extends BlockOperation {
  private final Region code;
  private final Region noise;
  private final Region z;

  /**
   * @param code the encoder's output, 2d features
   * @param noise, z d features
   */
  public Reparameterize(String name, Region code, Region noise, Region z) {
    super(name, z.blocks(), "latent/reparameterize.cu");
    this.code = code;
    this.noise = noise;
    this.z = z;
    reads(code, noise);
    writes(z);
  }

  @Override
  public String statement() {
    return "reparameterize_block(%s, %s, %s, %d);"
        .formatted(z.block("b"), code.block("b"), noise.block("b"), z.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = z.features();
    for (int i = 0; i < dims; i++) {
      float[] mean = memory.rows(code)[b * 2 * dims + i];
      float[] logVariance = memory.rows(code)[b * 2 * dims + dims + i];
      float[] eps = memory.rows(noise)[b * dims + i];
      float[] out = memory.rows(z)[b * dims + i];
      for (int r = 0; r < out.length; r++) {
        out[r] = (float) (mean[r] + Math.exp(0.5 * logVariance[r]) * eps[r]);
      }
    }
  }
}
