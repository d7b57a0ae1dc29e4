// SPDX-License-Identifier: MIT
package io.dynae.op.latent;

import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;

/** Encoded moves q = z1 - z0 of every pair (method step 3). */
public final class EncodedMoves extends BlockOperation {
  private final Region z;
  private final Region moves;

  /**
   * @param z both halves; the first d features are the latents
   * @param moves half rows, d features
   */
  public EncodedMoves(String name, Region z, Region moves) {
    super(name, moves.blocks(), "latent/langevin.cu");
    this.z = z;
    this.moves = moves;
    readsAll(z);
    writes(moves);
  }

  @Override
  public String statement() {
    return "encoded_moves_block(%s, %s, %s, %d);"
        .formatted(
            moves.block("b"),
            z.block("b"),
            z.block("(b + " + moves.blocks() + ")"),
            moves.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[][] latent = memory.rows(z);
    float[][] out = memory.rows(moves);
    int dims = moves.features();
    int stride = z.features();
    for (int i = 0; i < dims; i++) {
      float[] q = out[b * dims + i];
      float[] z0 = latent[b * stride + i];
      float[] z1 = latent[(b + moves.blocks()) * stride + i];
      for (int r = 0; r < q.length; r++) {
        q[r] = z1[r] - z0[r];
      }
    }
  }
}
