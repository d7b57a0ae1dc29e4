// SPDX-License-Identifier: MIT
package io.dynae.random;

/** Uniform random permutations (Fisher and Yates) that depend on seed, stream and step alone. */
public final class Shuffle {
  private final long seed;
  private final Stream stream;
  private final int step;
  private final int[] words = new int[4];
  private int counter;
  private int used = 4;

  /**
   * Starts the stream at its first number.
   *
   * @param step distinguishes independent shuffles of one stream: the epoch, say
   */
  public Shuffle(long seed, Stream stream, int step) {
    this.seed = seed;
    this.stream = stream;
    this.step = step;
  }

  /** Returns 0 to n-1 in random order. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    shuffle(order, 0, n);
    return order;
  }

  /** Shuffles {@code values[from .. from+n)} in place. */
  public void shuffle(int[] values, int from, int n) {
    for (int i = n - 1; i > 0; i--) {
      int j = below(i + 1);
      int kept = values[from + i];
      values[from + i] = values[from + j];
      values[from + j] = kept;
    }
  }

  /**
   * A uniform integer in [0, bound). The bias of the multiply-high map is below bound / 2^32, under
   * 1e-4 for half a million frames.
   */
  public int below(int bound) {
    if (used == 4) {
      Philox.words(seed, counter++, step, stream.id(), 0, words);
      used = 0;
    }
    return (int) (((words[used++] & 0xffffffffL) * bound) >>> 32);
  }
}
