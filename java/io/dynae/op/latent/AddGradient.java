// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;

/** A second gradient of the same latents added to the first: dz += term. */
public final class AddGradient extends BlockOperation {
  private final Region dz;
  private final Region term;

  /**
   * Runs on as many blocks as {@code term} has; {@code dz} may have more.
   *
   * @param dz its first d features are the latents'
   * @param term d features
   */
  public AddGradient(String name, Region dz, Region term) {
    super(name, term.blocks(), "latent/add_gradient.cu");
    this.dz = dz;
    this.term = term;
    reads(dz, term);
    writes(dz);
  }

  @Override
  public String statement() {
    return "add_gradient_block(%s, %s, %d, 1.0f);"
        .formatted(dz.block("b"), term.block("b"), term.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    for (int i = 0; i < term.features(); i++) {
      float[] more = memory.rows(term)[b * term.features() + i];
      Loops.addScaled(memory.rows(dz)[b * dz.features() + i], more, 1);
    }
  }
}
