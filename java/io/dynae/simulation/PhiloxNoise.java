// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.random.Normals;
import io.dynae.random.Stream;

/**
 * The default noise of the simulators: {@link Stream#SIMULATION} of a seed.
 *
 * <p>Number i is number i mod 4 of Philox counter i / 4, so the sequence does not depend on the
 * lengths of the arrays that it is drawn in. For one thread.
 */
public final class PhiloxNoise implements NoiseSource {
  private final long seed;
  private final Normals normals = new Normals();
  private final double[] four = new double[4];
  private long counter;
  private int used = 4;

  /** Starts at the first number of {@code seed}. */
  public PhiloxNoise(long seed) {
    this.seed = seed;
  }

  @Override
  public void fill(double[] out) {
    int at = 0;
    while (at < out.length && used < 4) {
      out[at++] = four[used++];
    }
    for (; at + 4 <= out.length; at += 4) {
      draw(out, at);
    }
    if (at < out.length) {
      draw(four, 0);
      used = 0;
    }
    while (at < out.length) {
      out[at++] = four[used++];
    }
  }

  private void draw(double[] out, int at) {
    normals.four(seed, (int) counter, (int) (counter >>> 32), Stream.SIMULATION, out, at);
    counter++;
  }
}
