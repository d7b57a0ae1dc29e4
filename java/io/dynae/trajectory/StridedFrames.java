// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import java.util.Objects;

/** Frames 0, stride, 2 stride, ... of another trajectory, which {@link #close} closes. */
public final class StridedFrames implements Frames {
  private final Frames frames;
  private final int stride;
  private final int[] shape;

  /**
   * Keeps every {@code stride}-th frame.
   *
   * @throws InputException unless {@code stride >= 1}
   */
  public StridedFrames(Frames frames, int stride) {
    if (stride < 1) {
      throw new InputException(
          frames.source() + ": stride >= 1 does not hold: " + stride + "; 1 keeps every frame");
    }
    this.frames = frames;
    this.stride = stride;
    shape = frames.shape();
    shape[0] = (int) ((frames.count() + stride - 1) / stride);
  }

  @Override
  public long count() {
    return shape[0];
  }

  @Override
  public long wholeCount() {
    return frames.wholeCount();
  }

  @Override
  public int features() {
    return frames.features();
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public String source() {
    return frames.source();
  }

  @Override
  public void read(int first, int n, float[] out, int at) {
    Shapes.checkRead(this, first, n, out, at);
    for (int i = 0; i < n; i++) {
      frames.read((first + i) * stride, 1, out, at + i * features());
    }
  }

  @Override
  public void gather(int[] frames, int from, int n, float[] out, int at) {
    Shapes.checkOutput(n, features(), out, at);
    for (int i = 0; i < n; i++) {
      this.frames.read(original(frames[from + i]), 1, out, at + i * features());
    }
  }

  @Override
  public boolean exact() {
    return frames.exact();
  }

  @Override
  public Bytes bytes() {
    return frames.bytes();
  }

  @Override
  public void readDoubles(int first, int n, double[] out, int at) {
    Shapes.checkRead(this, first, n, out.length, at);
    for (int i = 0; i < n; i++) {
      frames.readDoubles((first + i) * stride, 1, out, at + i * features());
    }
  }

  @Override
  public double value(int frame, int feature) {
    return frames.value(original(frame), feature);
  }

  /** Names the frame by its number before the stride. */
  @Override
  public String locate(int frame) {
    return frames.locate(original(frame));
  }

  @Override
  public void close() {
    frames.close();
  }

  private int original(int frame) {
    return Objects.checkIndex(frame, shape[0]) * stride;
  }
}
