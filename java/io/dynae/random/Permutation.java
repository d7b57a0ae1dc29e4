// SPDX-License-Identifier: MIT
package io.dynae.random;

/**
 * A random order of 0 to n-1 whose entries are each computed alone, so that any number of threads
 * can walk it without a list. {@code kernels/bins/permutation.cu} holds the same function.
 *
 * <p>A Feistel network on numbers of two digits, column (0 to a-1) and row (0 to c-1), where a =
 * ceil(sqrt(n)) and c = ceil(n / a): in turn each digit is moved, modulo its range, by a keyed hash
 * of the other, which the next rounds could undo, so the map is one to one. An image of n or more
 * is mapped again until it is below n. Source: Black and Rogaway, "Ciphers with arbitrary finite
 * domains" (2002). Small n need more rounds to forget where they started.
 *
 * <p>The keys are the Philox words of (item, step, stream, repeat) under the seed.
 */
public final class Permutation {
  /** Largest n. */
  public static final int MOST = 1 << 30;

  private static final int FEW = 1024;
  private static final int ROUNDS = 8;
  private static final int ROUNDS_OF_FEW = 24;
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int WEYL = 0x9E3779B9;
  private static final int TILE = 256;

  private final int count;
  private final int columns;
  private final int rows;
  private final int rounds;
  private final int[] keys = new int[4];
  private final int[] column = new int[TILE];
  private final int[] row = new int[TILE];

  /**
   * An order of {@code count} numbers, 1 to {@link #MOST}.
   *
   * @param step distinguishes the orders of one stream: the epoch, say
   * @param item and what has several orders in a step: a bin
   * @param repeat and how often it is ordered anew
   */
  public Permutation(long seed, Stream stream, int step, int item, int repeat, int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("1 <= n <= 2^30 does not hold: n = " + count);
    }
    this.count = count;
    columns = (int) Math.ceil(Math.sqrt(count));
    rows = (count + columns - 1) / columns;
    rounds = count <= FEW ? ROUNDS_OF_FEW : ROUNDS;
    Philox.words(seed, item, step, stream.id(), repeat, keys);
  }

  /** Entry {@code i}, 0 to n-1, of the order. */
  public int at(int i) {
    column[0] = i % columns;
    row[0] = i / columns;
    rounds(0, 1);
    return settled(0);
  }

  /** Writes entries {@code first} to {@code first+n-1} to {@code out[0 .. n)}. */
  public void fill(int first, int n, int[] out) {
    int r = first / columns;
    int c = first % columns;
    for (int from = 0; from < n; from += TILE) {
      int size = Math.min(TILE, n - from);
      for (int i = 0; i < size; i++) {
        column[i] = c;
        row[i] = r;
        c++;
        if (c == columns) {
          c = 0;
          r++;
        }
      }
      rounds(0, size);
      for (int i = 0; i < size; i++) {
        out[from + i] = settled(i);
      }
    }
  }

  private void rounds(int from, int to) {
    for (int round = 0; round < rounds; round += keys.length) {
      int weyl = round / keys.length * WEYL;
      move(column, row, keys[0] + weyl, columns, from, to);
      move(row, column, keys[1] + weyl, rows, from, to);
      move(column, row, keys[2] + weyl, columns, from, to);
      move(row, column, keys[3] + weyl, rows, from, to);
    }
  }

  /** digit = (digit + hash of the other) mod range; without a branch, so that it vectorises. */
  private static void move(int[] digit, int[] other, int key, int range, int from, int to) {
    for (int i = from; i < to; i++) {
      int hash = (other[i] ^ key) * M0;
      hash = (hash ^ (hash >>> 15)) * M1;
      int moved = digit[i] + (((hash >>> 16) * range) >>> 16) - range;
      digit[i] = moved + (range & (moved >> 31));
    }
  }

  /** The number that entry i of the tile has come to, mapped on while it is not below n. */
  private int settled(int i) {
    int value = row[i] * columns + column[i];
    while (value >= count) {
      column[i] = value % columns;
      row[i] = value / columns;
      rounds(i, i + 1);
      value = row[i] * columns + column[i];
    }
    return value;
  }
}
