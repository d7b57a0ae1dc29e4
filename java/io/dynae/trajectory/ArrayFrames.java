// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import java.util.Objects;

/** A trajectory in an array of the caller's, which is used in place. */
public final class ArrayFrames implements Frames {
  private final String source;
  private final float[] values;
  private final int[] shape;
  private final int features;

  /**
   * Views {@code values} as frames.
   *
   * @param source the name in messages
   * @param values the product of {@code shape} numbers, the last dimension fastest
   * @param shape frames first, at least one dimension
   */
  public ArrayFrames(String source, float[] values, int... shape) {
    this.source = source;
    this.values = values;
    this.shape = shape.clone();
    features = Shapes.features(shape);
    if (features < 1 || (long) shape[0] * features != values.length) {
      throw new IllegalArgumentException(
          shape[0] + " frames x " + features + " features != " + values.length + " values");
    }
  }

  @Override
  public long count() {
    return shape[0];
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public void read(int first, int n, float[] out, int at) {
    Shapes.checkRead(this, first, n, out, at);
    System.arraycopy(values, first * features, out, at, n * features);
  }

  @Override
  public void gather(int[] frames, int from, int n, float[] out, int at) {
    Shapes.checkOutput(n, features, out, at);
    for (int i = 0; i < n; i++) {
      int frame = Objects.checkIndex(frames[from + i], shape[0]);
      System.arraycopy(values, frame * features, out, at + i * features, features);
    }
  }

  /** Does nothing: the array is the caller's. */
  @Override
  public void close() {}
}
