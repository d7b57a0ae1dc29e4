// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.Activation;
import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;

/**
 * Gradient through tanh and its tangents. With h = tanh(a) and t_s = (1 - h^2) u_s, from dL/dh and
 * dL/dt_s: dL/da = (1 - h^2)(dL/dh - 2 h sum_s u_s dL/dt_s) and dL/du_s = (1 - h^2) dL/dt_s.
 */
public final class TangentBackward extends BlockOperation {
  private final Region gradient;
  private final Region h;
  private final Region u;
  private final int width;
  private final int dims;

  /**
   * @param gradient [1 + d][width] features, replaced
   * @param h [1 + d][width] features, the first stream is read
   * @param u [d][width] features
   */
  public TangentBackward(String name, Region gradient, Region h, Region u, int width, int dims) {
    super(name, gradient.blocks(), "latent/prior_likelihood.cu");
    this.gradient = gradient;
    this.h = h;
    this.u = u;
    this.width = width;
    this.dims = dims;
    reads(h, u, gradient);
    writes(gradient);
  }

  @Override
  public String statement() {
    return "tangent_backward_block(%s, %s, %s, %d, %d);"
        .formatted(gradient.block("b"), h.block("b"), u.block("b"), width, dims);
  }

  @Override
  public int teamParts() {
    return ALL;
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[][] g = memory.rows(gradient);
    float[][] outputs = memory.rows(h);
    float[][] tangents = memory.rows(u);
    int g0 = b * gradient.features();
    for (int k = 0; k < width; k++) {
      float[] hk = outputs[b * h.features() + k];
      float[] g0k = g[g0 + k];
      for (int s = 0; s < dims; s++) {
        float[] us = tangents[b * u.features() + s * width + k];
        Loops.bendTangent(g0k, g[g0 + (s + 1) * width + k], hk, us);
      }
      Loops.derive(Activation.TANH, g0k, hk);
    }
  }
}
