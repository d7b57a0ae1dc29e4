// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import java.util.Arrays;

/**
 * Stable sort of float keys; +0 and -0 are equal, NaNs end up anywhere.
 *
 * <p>Keys are mapped linearly to whole numbers of 16 bits, radix sorted by these in two passes, and
 * insertion sorted, which finds next to nothing to do where keys spread over their range. Where
 * they do not (a far outlier, say), a radix sort of all bits takes over. Holds its scratch memory,
 * so one instance serves one thread.
 */
public final class KeySort {
  private static final int DIGIT_BITS = 8;
  private static final int RADIX = 1 << DIGIT_BITS;
  private static final int DIGIT = RADIX - 1;
  private static final int NUMBER_BITS = 2 * DIGIT_BITS;
  private static final int NUMBER = (1 << NUMBER_BITS) - 1;

  /** Insertions a key, on average, beyond which the radix sort of all bits is faster. */
  private static final int PATIENCE = 8;

  private final int count;
  private final int[] numbers;
  private final int[] between;
  private final int[] order;
  private final int[] low = new int[RADIX];
  private final int[] high = new int[RADIX];

  /** Sorts {@code count} keys at a time. */
  public KeySort(int count) {
    this.count = count;
    this.numbers = new int[count];
    this.between = new int[count];
    this.order = new int[count];
  }

  /** Positions of the keys in ascending order; valid until the next call. */
  public int[] order(float[] keys) {
    // A number and a position share an int.
    if (count > NUMBER + 1 || !sortRoughly(keys) || !finish(keys)) {
      sortBits(keys);
    }
    return order;
  }

  /** Sorts by linear position in the keys' range; false where that cannot be told in floats. */
  private boolean sortRoughly(float[] keys) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, keys[i]);
      most = Math.max(most, keys[i]);
    }
    float scale = NUMBER / (most - least);
    if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
      return false;
    }
    clearHistograms();
    for (int i = 0; i < count; i++) {
      int number = (int) ((keys[i] - least) * scale);
      low[number & DIGIT]++;
      high[number >>> DIGIT_BITS]++;
      numbers[i] = number << NUMBER_BITS | i;
    }
    toFirstPositions();
    for (int i = 0; i < count; i++) {
      int entry = numbers[i];
      between[low[(entry >>> NUMBER_BITS) & DIGIT]++] = entry;
    }
    for (int n = 0; n < count; n++) {
      int entry = between[n];
      order[high[entry >>> (NUMBER_BITS + DIGIT_BITS)]++] = entry & NUMBER;
    }
    return true;
  }

  private void clearHistograms() {
    Arrays.fill(low, 0);
    Arrays.fill(high, 0);
  }

  private void toFirstPositions() {
    int lows = 0;
    int highs = 0;
    for (int d = 0; d < RADIX; d++) {
      int l = low[d];
      int h = high[d];
      low[d] = lows;
      high[d] = highs;
      lows += l;
      highs += h;
    }
  }

  /** Insertion sort of {@code order}; false when it was far from sorted. */
  private boolean finish(float[] keys) {
    int moves = 0;
    float before = Float.NEGATIVE_INFINITY;
    for (int n = 0; n < count; n++) {
      int i = order[n];
      float key = keys[i];
      if (key < before) {
        int at = n;
        while (at > 0 && keys[order[at - 1]] > key) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = i;
        moves += n - at;
        if (moves > PATIENCE * count) {
          return false;
        }
      } else {
        before = key;
      }
    }
    return true;
  }

  /** Sorts by all 32 bits, turned into an integer of the same order. */
  private void sortBits(float[] keys) {
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(keys[i] + 0f);
      numbers[i] = bits ^ ((bits >> 31) | Integer.MIN_VALUE);
      order[i] = i;
    }
    for (int shift = 0; shift < Integer.SIZE; shift += NUMBER_BITS) {
      clearHistograms();
      for (int i = 0; i < count; i++) {
        low[(numbers[i] >>> shift) & DIGIT]++;
        high[(numbers[i] >>> (shift + DIGIT_BITS)) & DIGIT]++;
      }
      toFirstPositions();
      for (int n = 0; n < count; n++) {
        int i = order[n];
        between[low[(numbers[i] >>> shift) & DIGIT]++] = i;
      }
      for (int n = 0; n < count; n++) {
        int i = between[n];
        order[high[(numbers[i] >>> (shift + DIGIT_BITS)) & DIGIT]++] = i;
      }
    }
  }
}
