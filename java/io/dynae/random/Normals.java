// SPDX-License-Identifier: MIT
package io.dynae.random;

/** Standard normals by Box and Muller from Philox words, as the kernels compute them. */
public final class Normals {
  private final int[] words = new int[4];

  /**
   * Writes normals 0 to 3 of an item.
   *
   * @param out receives normals at {@code at .. at+3}
   */
  public void four(long seed, int item, int step, Stream stream, double[] out, int at) {
    four(seed, item, step, stream, 0, out, at);
  }

  /**
   * Writes normals 4q to 4q+3 of an item.
   *
   * @param out receives normals at {@code at .. at+3}
   */
  public void four(long seed, int item, int step, Stream stream, int q, double[] out, int at) {
    Philox.words(seed, item, step, stream.id(), q, words);
    pair(words[0], words[1], out, at);
    pair(words[2], words[3], out, at + 2);
  }

  /** The two normals of two words. */
  static void pair(int u0, int u1, double[] out, int at) {
    // Half a unit keeps the logarithm's argument off zero.
    double radius = Math.sqrt(-2 * Math.log((u0 >>> 8) * 0x1p-24 + 0x1p-25));
    double angle = Math.PI * ((u1 >>> 8) * 0x1p-23);
    out[at] = radius * Math.cos(angle);
    out[at + 1] = radius * Math.sin(angle);
  }
}
