// SPDX-License-Identifier: MIT
package io.dynae.random;

/**
 * Philox4x32-10, the counter-based generator behind every random number of the program.
 *
 * <p>Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). A
 * result depends on the key (the run's seed) and the counter alone, so it does not depend on launch
 * shapes, threads or restarts. The kernels hold the same function in {@code kernels/philox.h}.
 *
 * <p>Counter words: {@code c0} item, {@code c1} step, {@code c2} {@link Stream}, {@code c3} high
 * part of the item where one needs it.
 */
public final class Philox {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  private Philox() {}

  /**
   * Writes the four 32-bit words of counter (c0, c1, c2, c3) under {@code seed} into {@code out}.
   *
   * @param out receives words 0 to 3
   */
  public static void words(long seed, int c0, int c1, int c2, int c3, int[] out) {
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xffffffffL) * (c0 & 0xffffffffL);
      long p1 = (M1 & 0xffffffffL) * (c2 & 0xffffffffL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }
}
