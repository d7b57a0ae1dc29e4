// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;

/** Gradient of the moves passed on to the latents: q = z1 - z0, so dz0 -= dq and dz1 += dq. */
public final class AddMoveGradient extends BlockOperation {
  private final Region dz;
  private final Region dq;

  /**
   * @param dz both halves; the first d features are the latents'
   * @param dq half rows, d features
   */
  public AddMoveGradient(String name, Region dz, Region dq) {
    super(name, dz.blocks(), "latent/add_gradient.cu");
    this.dz = dz;
    this.dq = dq;
    readsAll(dq);
    reads(dz);
    writes(dz);
  }

  @Override
  public String statement() {
    int half = dq.blocks();
    return "add_gradient_block(%s, %s, %d, b < %d ? -1.0f : 1.0f);"
        .formatted(dz.block("b"), dq.block("(b % " + half + ")"), dq.features(), half);
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = dq.features();
    float sign = b < dq.blocks() ? -1 : 1;
    for (int i = 0; i < dims; i++) {
      float[] move = memory.rows(dq)[b % dq.blocks() * dims + i];
      Loops.addScaled(memory.rows(dz)[b * dz.features() + i], move, sign);
    }
  }
}
