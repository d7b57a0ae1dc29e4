// SPDX-License-Identifier: MIT
package io.dynae.op;

import io.dynae.random.Normals;
import io.dynae.random.Stream;

/** Fresh noise of the prior: eps ~ N(0, 1) for every row and latent dimension, by counter. */
public final class LangevinNoise extends BlockOperation {
  private final Region noise;

  public LangevinNoise(String name, Region noise) {
    super(name, noise.blocks(), "langevin.cu");
    this.noise = noise;
    writes(noise);
  }

  @Override
  public String statement() {
    return "langevin_noise_block(%s, b * RB, %d, step, key0, key1);"
        .formatted(noise.block("b"), noise.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[][] out = memory.rows(noise);
    int dims = noise.features();
    int rows = memory.layout().rowsPerBlock();
    Normals normals = new Normals();
    double[] four = new double[4];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < dims; i++) {
        if (i % 4 == 0) {
          normals.four(
              memory.control().seed(),
              b * rows + r,
              memory.step(),
              Stream.LANGEVIN_NOISE,
              i / 4,
              four,
              0);
        }
        out[b * dims + i][r] = (float) four[i % 4];
      }
    }
  }
}
