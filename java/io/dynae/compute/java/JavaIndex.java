// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

import io.dynae.compute.IndexTable;

/** A table of ints on the heap. */
final class JavaIndex implements IndexTable {
  private final int[] values;

  JavaIndex(long ints) {
    values = new int[Math.toIntExact(ints)];
  }

  int[] values() {
    return values;
  }

  @Override
  public void fill(long at, int[] source, int n) {
    System.arraycopy(source, 0, values, Math.toIntExact(at), n);
  }

  @Override
  public void read(long at, int[] target, int n) {
    System.arraycopy(values, Math.toIntExact(at), target, 0, n);
  }

  @Override
  public void close() {}
}
