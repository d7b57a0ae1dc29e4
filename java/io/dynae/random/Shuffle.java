// SPDX-License-Identifier: MIT
package io.dynae.random;

/**
 * Shuffles of lists that the host holds (Fisher and Yates), by seed, stream and step alone. {@link
 * Permutation} gives random orders without a list.
 */
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
  private int below(int bound) {
    if (used == 4) {
      Philox.words(seed, counter++, step, stream.id(), 0, words);
      used = 0;
    }
    return (int) (((words[used++] & 0xffffffffL) * bound) >>> 32);
  }
}
