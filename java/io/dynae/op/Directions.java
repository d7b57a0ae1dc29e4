// SPDX-License-Identifier: MIT
package io.dynae.op;

import io.dynae.random.Normals;
import io.dynae.random.Stream;

/** Fresh unit directions theta_l, uniform on the sphere: normalised normals, by counter. */
public final class Directions extends TeamOperation {
  private final Region theta;
  private final int dims;
  private final int padded;

  /**
   * @param theta [d][padded]: one direction a column
   */
  public Directions(String name, Region theta, int dims) {
    super(name, "sliced_wasserstein.cu");
    this.theta = theta;
    this.dims = dims;
    this.padded = theta.length() / dims;
    writesAll(theta);
  }

  @Override
  public String statement() {
    return "directions(%s, %d, %d, step, key0, key1, item, items);"
        .formatted(theta.at(), padded, dims);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    Normals normals = new Normals();
    float[] out = memory.flat(theta);
    double[] n = new double[(dims + 3) / 4 * 4];
    for (int p = part; p < padded; p += parts) {
      double square = 0;
      for (int q = 0; q * 4 < dims; q++) {
        normals.four(memory.control().seed(), p, memory.step(), Stream.DIRECTIONS, q, n, q * 4);
      }
      for (int i = 0; i < dims; i++) {
        square += n[i] * n[i];
      }
      for (int i = 0; i < dims; i++) {
        out[i * padded + p] = (float) (n[i] / Math.sqrt(square));
      }
    }
  }
}
