// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Region;
import io.dynae.random.Normals;
import io.dynae.random.Stream;

/**
 * Fresh noise: eps ~ N(0, 1) for every row and latent dimension, by counter. The item is the row's
 * number in its half, plus the batch in the second half.
 */
public final class NormalNoise extends BlockOperation {
  private final Layout layout;
  private final Stream stream;
  private final Region noise;

  /**
   * @param stream of the random numbers
   * @param noise half rows, or rows of both halves; d features
   */
  public NormalNoise(String name, Layout layout, Stream stream, Region noise) {
    super(name, noise.blocks(), "step/noise.cu");
    this.layout = layout;
    this.stream = stream;
    this.noise = noise;
    writes(noise);
  }

  @Override
  public String statement() {
    int half = layout.halfBlocks();
    return "normal_noise_block(%s, b %% %d * RB + b / %d * %d, %d, %du, step, key0, key1);"
        .formatted(noise.block("b"), half, half, layout.batch(), noise.features(), stream.id());
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[][] out = memory.rows(noise);
    int dims = noise.features();
    int rows = layout.rowsPerBlock();
    int half = layout.halfBlocks();
    int first = b % half * rows + b / half * layout.batch();
    Normals normals = new Normals();
    double[] four = new double[4];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < dims; i++) {
        if (i % 4 == 0) {
          normals.four(memory.control().seed(), first + r, memory.step(), stream, i / 4, four, 0);
        }
        out[b * dims + i][r] = (float) four[i % 4];
      }
    }
  }
}
