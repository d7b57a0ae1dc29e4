// SPDX-License-Identifier: MIT
package io.dynae.train;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Test frames whose latents lie farther than a distance from those of all training frames.
 *
 * @param looked test frames that were looked at: all, or evenly spaced ones of many
 * @param frames global numbers of those that are far, ascending
 */
record FarFrames(int looked, int[] frames) {
  /** Each that is far costs a walk over the training frames of its strip: so many steps in all. */
  private static final long MOST_STEPS = 2_000_000_000L;

  private static final int MOST = 20_000;

  /**
   * Looks for them.
   *
   * @param latents [frames][dims]
   * @param train first frames of the training pairs
   * @param test first frames of the test pairs
   * @param lag from the first frame of a pair to the second
   * @param distance in the latents' unit
   */
  static FarFrames of(
      float[] latents, int dims, int[] train, int[] test, int lag, double distance) {
    BitSet trained = new BitSet();
    for (int first : train) {
      trained.set(first);
      trained.set(first + lag);
    }
    Strip strip = Strip.of(latents, dims, trained);
    int affordable = (int) Math.max(1, MOST_STEPS / Math.max(1, trained.cardinality()));
    int looked = Math.min(Math.min(MOST, affordable), test.length);
    int[] far = new int[looked];
    int count = 0;
    for (int i = 0; i < looked; i++) {
      int frame = test[(int) ((long) i * test.length / looked)];
      if (!trained.get(frame) && !strip.near(frame, distance)) {
        far[count++] = frame;
      }
    }
    int[] frames = Arrays.copyOf(far, count);
    Arrays.sort(frames);
    return new FarFrames(looked, frames);
  }

  /** Training frames in the order of their first latent coordinate. */
  private record Strip(float[] latents, int dims, int[] order, float[] first) {
    static Strip of(float[] latents, int dims, BitSet trained) {
      // The value above, as bits that sort like it, and the frame below.
      long[] keys =
          trained.stream()
              .mapToLong(f -> (long) sortable(latents[f * dims]) << 32 | f)
              .sorted()
              .toArray();
      int[] order = new int[keys.length];
      float[] first = new float[keys.length];
      for (int i = 0; i < keys.length; i++) {
        order[i] = (int) keys[i];
        first[i] = latents[order[i] * dims];
      }
      return new Strip(latents, dims, order, first);
    }

    private static int sortable(float value) {
      int bits = Float.floatToIntBits(value + 0f);
      return bits < 0 ? bits ^ 0x7fffffff : bits;
    }

    boolean near(int frame, double distance) {
      float z = latents[frame * dims];
      int found = Arrays.binarySearch(first, z);
      int from = found < 0 ? -found - 1 : found;
      for (int i = from; i < order.length && first[i] - z <= distance; i++) {
        if (within(frame, order[i], distance)) {
          return true;
        }
      }
      for (int i = from - 1; i >= 0 && z - first[i] <= distance; i--) {
        if (within(frame, order[i], distance)) {
          return true;
        }
      }
      return false;
    }

    private boolean within(int a, int b, double distance) {
      double square = 0;
      for (int d = 0; d < dims; d++) {
        double dz = (double) latents[a * dims + d] - latents[b * dims + d];
        square += dz * dz;
      }
      return square <= distance * distance;
    }
  }
}
