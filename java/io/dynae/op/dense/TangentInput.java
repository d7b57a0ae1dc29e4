// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import java.util.Arrays;

/** Input of the log-diffusion net with tangents: z, then the unit vectors e_1 to e_d. */
public final class TangentInput extends BlockOperation {
  private final Region z;
  private final Region input;

  /**
   * @param z latents; the first half is read
   * @param input half rows, [1 + d][d] features
   */
  public TangentInput(String name, Region z, Region input) {
    super(name, input.blocks(), "latent/prior_likelihood.cu");
    this.z = z;
    this.input = input;
    reads(z);
    writes(input);
  }

  @Override
  public String statement() {
    return "tangent_input_block(%s, %s, %d);"
        .formatted(input.block("b"), z.block("b"), z.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    int dims = z.features();
    float[][] out = memory.rows(input);
    for (int i = 0; i < dims; i++) {
      float[] latent = memory.rows(z)[b * dims + i];
      System.arraycopy(latent, 0, out[b * input.features() + i], 0, latent.length);
      for (int s = 1; s <= dims; s++) {
        Arrays.fill(out[b * input.features() + s * dims + i], i == s - 1 ? 1 : 0);
      }
    }
  }
}
