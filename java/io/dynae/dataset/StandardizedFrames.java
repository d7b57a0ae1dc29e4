// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.Frames;

/**
 * Frames without their offset and scale, both taken off in double before the rounding to float32: a
 * small spread far from zero is lost the other way round.
 */
final class StandardizedFrames implements Frames {
  private static final int CHUNK_VALUES = 1 << 16;

  private final Frames frames;
  private final Standardizer standardizer;

  StandardizedFrames(Frames frames, Standardizer standardizer) {
    this.frames = frames;
    this.standardizer = standardizer;
  }

  @Override
  public void read(int first, int n, float[] out, int at) {
    if (frames.exact()) {
      frames.read(first, n, out, at);
      standardizer.apply(out, at, n);
      return;
    }
    int features = features();
    int rows = Math.max(1, Math.min(n, CHUNK_VALUES / features));
    double[] chunk = new double[Math.multiplyExact(rows, features)];
    for (int done = 0; done < n; done += rows) {
      int now = Math.min(rows, n - done);
      frames.readDoubles(first + done, now, chunk, 0);
      standardizer.apply(chunk, now, out, at + done * features);
    }
  }

  @Override
  public void gather(int[] numbers, int from, int n, float[] out, int at) {
    if (frames.exact()) {
      frames.gather(numbers, from, n, out, at);
      standardizer.apply(out, at, n);
      return;
    }
    double[] row = new double[features()];
    for (int i = 0; i < n; i++) {
      frames.readDoubles(numbers[from + i], 1, row, 0);
      standardizer.apply(row, 1, out, at + i * row.length);
    }
  }

  @Override
  public long count() {
    return frames.count();
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
    return frames.shape();
  }

  @Override
  public String source() {
    return frames.source();
  }

  @Override
  public Bytes bytes() {
    return frames.bytes();
  }

  @Override
  public void requireUnchanged() {
    frames.requireUnchanged();
  }

  /** The value before it is standardised. */
  @Override
  public double value(int frame, int feature) {
    return frames.value(frame, feature);
  }

  @Override
  public String locate(int frame) {
    return frames.locate(frame);
  }

  @Override
  public void close() {
    frames.close();
  }
}
