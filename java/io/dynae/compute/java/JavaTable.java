// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

import io.dynae.compute.FrameTable;

/** A table on the heap. */
final class JavaTable implements FrameTable {
  private final float[] values;

  JavaTable(long floats) {
    values = new float[Math.toIntExact(floats)];
  }

  float[] values() {
    return values;
  }

  @Override
  public long floats() {
    return values.length;
  }

  @Override
  public void fill(long at, float[] source, int n) {
    System.arraycopy(source, 0, values, Math.toIntExact(at), n);
  }

  @Override
  public void close() {}
}
