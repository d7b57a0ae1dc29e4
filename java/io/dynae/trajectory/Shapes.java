// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.Objects;

/** Checks that trajectories of every kind share. */
public final class Shapes {
  private Shapes() {}

  /**
   * {@code shape} as ints.
   *
   * @throws InputException unless it is [N, ...] with 0 to 2^31-1 frames and at least one feature
   */
  public static int[] ofTrajectory(long[] shape, String source) {
    if (shape.length == 0) {
      throw new InputException(
          source + ": dimensions >= 1 does not hold: a single number is no trajectory");
    }
    long features = 1;
    requireAtMost(Integer.MAX_VALUE, shape[0], "frames", source);
    for (int i = 1; i < shape.length; i++) {
      requireAtMost(Integer.MAX_VALUE, shape[i], "features of a frame", source);
      features *= shape[i];
      requireAtMost(Integer.MAX_VALUE, features, "features of a frame", source);
    }
    if (features < 1) {
      throw new InputException(
          source + ": features >= 1 does not hold: shape " + Arrays.toString(shape));
    }
    return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }

  /** Product of all dimensions but the first. */
  public static int features(int[] shape) {
    int features = 1;
    for (int i = 1; i < shape.length; i++) {
      features = Math.multiplyExact(features, shape[i]);
    }
    return features;
  }

  /** Refuses {@code n} frames that do not fit into {@code out} from {@code at} on. */
  public static void checkOutput(int n, int features, float[] out, int at) {
    checkOutput(n, features, out.length, at);
  }

  private static void checkOutput(int n, int features, int length, int at) {
    if (n < 0 || at < 0 || (long) n * features > length - (long) at) {
      throw new IndexOutOfBoundsException(
          n + " frames of " + features + " from " + at + " into length " + length);
    }
  }

  /** Refuses a range of frames that is not in the trajectory or does not fit into the output. */
  public static void checkRead(Frames frames, int first, int n, float[] out, int at) {
    checkRead(frames, first, n, out.length, at);
  }

  /** The same for an output of {@code length} values. */
  public static void checkRead(Frames frames, int first, int n, int length, int at) {
    Objects.checkFromIndexSize(first, n, (int) frames.count());
    checkOutput(n, frames.features(), length, at);
  }

  static void requireAtMost(long limit, long value, String what, String source) {
    if (value > limit) {
      throw new InputException(
          source + ": " + what + " <= " + limit + " does not hold: " + value + "; split it");
    }
  }
}
