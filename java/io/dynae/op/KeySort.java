// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * Radix sort of float keys as ordered integers: four passes of eight bits.
 *
 * <p>Stable; +0 and -0 are equal keys; NaNs come at either end. Holds its scratch memory, so one
 * instance serves one thread.
 */
public final class KeySort {
  private static final int DIGITS = 4;
  private static final int RADIX = 256;

  private final int count;
  private final int[] histogram = new int[DIGITS * RADIX];
  private int[] bits;
  private int[] otherBits;
  private int[] order;
  private int[] otherOrder;

  /** Sorts {@code count} keys at a time. */
  public KeySort(int count) {
    this.count = count;
    this.bits = new int[count];
    this.otherBits = new int[count];
    this.order = new int[count];
    this.otherOrder = new int[count];
  }

  /** Positions of the keys in ascending order; valid until the next call. */
  public int[] order(float[] keys) {
    load(keys);
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    for (int digit = 0; digit < DIGITS; digit++) {
      if (!prefix(digit)) {
        continue;
      }
      int shift = 8 * digit;
      int base = digit * RADIX;
      for (int i = 0; i < count; i++) {
        int at = histogram[base + ((bits[i] >>> shift) & (RADIX - 1))]++;
        otherBits[at] = bits[i];
        otherOrder[at] = order[i];
      }
      swap();
    }
    return order;
  }

  /** Sorts the keys in place. */
  public void sort(float[] keys) {
    load(keys);
    for (int digit = 0; digit < DIGITS; digit++) {
      if (!prefix(digit)) {
        continue;
      }
      int shift = 8 * digit;
      int base = digit * RADIX;
      for (int i = 0; i < count; i++) {
        otherBits[histogram[base + ((bits[i] >>> shift) & (RADIX - 1))]++] = bits[i];
      }
      swap();
    }
    for (int i = 0; i < count; i++) {
      int b = bits[i];
      keys[i] = Float.intBitsToFloat(b < 0 ? b ^ Integer.MIN_VALUE : ~b);
    }
  }

  private void load(float[] keys) {
    Arrays.fill(histogram, 0);
    for (int i = 0; i < count; i++) {
      int b = Float.floatToRawIntBits(keys[i] + 0f);
      b ^= (b >> 31) | Integer.MIN_VALUE;
      bits[i] = b;
      histogram[b & 255]++;
      histogram[RADIX + ((b >>> 8) & 255)]++;
      histogram[2 * RADIX + ((b >>> 16) & 255)]++;
      histogram[3 * RADIX + (b >>> 24)]++;
    }
  }

  /** Turns one digit's histogram into first positions; false when all keys share the digit. */
  private boolean prefix(int digit) {
    int sum = 0;
    for (int d = digit * RADIX; d < (digit + 1) * RADIX; d++) {
      int n = histogram[d];
      if (n == count) {
        return false;
      }
      histogram[d] = sum;
      sum += n;
    }
    return true;
  }

  private void swap() {
    int[] kept = bits;
    bits = otherBits;
    otherBits = kept;
    kept = order;
    order = otherOrder;
    otherOrder = kept;
  }
}
