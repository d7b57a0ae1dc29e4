// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.random.Philox;
import io.dynae.random.Stream;

/**
 * Fresh samples of SWAE's prior: uniform on (-1, 1), one a row and latent dimension, by counter.
 */
public final class UniformSamples extends BlockOperation {
  private final Region samples;

  /**
   * @param samples half rows, d features
   */
  public UniformSamples(String name, Region samples) {
    super(name, samples.blocks(), "step/noise.cu");
    this.samples = samples;
    writes(samples);
  }

  @Override
  public String statement() {
    return "uniform_samples_block(%s, b * RB, %d, %du, step, key0, key1);"
        .formatted(samples.block("b"), samples.features(), Stream.PRIOR_SAMPLES.id());
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[][] out = memory.rows(samples);
    int dims = samples.features();
    int rows = memory.layout().rowsPerBlock();
    int[] words = new int[4];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < dims; i++) {
        if (i % 4 == 0) {
          Philox.words(
              memory.control().seed(),
              b * rows + r,
              memory.step(),
              Stream.PRIOR_SAMPLES.id(),
              i / 4,
              words);
        }
        out[b * dims + i][r] = (float) (((words[i % 4] >>> 8) + 0.5) * 0x1p-23 - 1);
      }
    }
  }
}
