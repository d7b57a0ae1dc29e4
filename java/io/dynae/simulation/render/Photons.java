// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

import io.dynae.random.Philox;
import io.dynae.random.Stream;

/**
 * Counts of photons: Poisson numbers by inversion, one uniform number of 53 bits a pixel, so that
 * every pixel of every frame has its own place in the sequence.
 */
public final class Photons {
  private Photons() {}

  /**
   * Replaces mean counts by counts.
   *
   * @param seed and {@code frame} choose the numbers, {@link Stream#PHOTONS}
   * @param counts means in, 0 to 500; counts out
   */
  public static void draw(long seed, int frame, double[] counts) {
    int[] words = new int[4];
    for (int i = 0; i < counts.length; i++) {
      if (i % 2 == 0) {
        Philox.words(seed, i / 2, frame, Stream.PHOTONS.id(), 0, words);
      }
      int at = 2 * (i % 2);
      long bits = (words[at] >>> 5) * (1L << 26) + (words[at + 1] >>> 6);
      counts[i] = count(counts[i], bits * 0x1p-53);
    }
  }

  /**
   * The smallest k with P(count <= k) above {@code uniform}.
   *
   * @param mean 0 to 500: beyond 700 the probability of none is no number
   * @param uniform in [0, 1)
   */
  static int count(double mean, double uniform) {
    double probability = Math.exp(-mean);
    double left = uniform - probability;
    int k = 0;
    // The probabilities' sum can stay below the largest uniform by rounding: the tail ends it.
    while (left >= 0 && (k < mean || probability > 0)) {
      k++;
      probability *= mean / k;
      left -= probability;
    }
    return k;
  }
}
