// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import io.dynae.random.Normals;
import io.dynae.random.Stream;

/**
 * Fresh unit directions theta_l, uniform on the sphere: normalised normals, by counter. In one
 * dimension a direction is its normal's sign, + for 0.
 */
public final class Directions extends TeamOperation {
  /** Above what a cosine that is 0 has in double, below all others. */
  private static final double ZERO = 1e-12;

  private final Region theta;
  private final int dims;
  private final int padded;
  private final int every;

  /**
   * @param theta [d][padded]: one direction a column
   */
  public Directions(String name, Region theta, int dims) {
    this(name, theta, dims, 1);
  }

  /**
   * Draws for evaluations of several steps.
   *
   * @param every steps of an evaluation: the n-th evaluation of a launch has the directions of step
   *     n
   */
  public Directions(String name, Region theta, int dims, int every) {
    super(name, "wasserstein/directions.cu");
    this.theta = theta;
    this.dims = dims;
    this.padded = theta.length() / dims;
    this.every = every;
    writesAll(theta);
  }

  @Override
  public String statement() {
    String step = every == 1 ? "step" : "step - cursor + cursor / " + every;
    return "directions(%s, %d, %d, %s, key0, key1, item, items);"
        .formatted(theta.at(), padded, dims, step);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    Normals normals = new Normals();
    int step = memory.step() - memory.cursor() + memory.cursor() / every;
    float[] out = memory.flat(theta);
    double[] n = new double[(dims + 3) / 4 * 4];
    for (int p = part; p < padded; p += parts) {
      double square = 0;
      for (int q = 0; q * 4 < dims; q++) {
        normals.four(memory.control().seed(), p, step, Stream.DIRECTIONS, q, n, q * 4);
      }
      if (dims == 1) {
        out[p] = n[0] < -ZERO ? -1 : 1;
        continue;
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
