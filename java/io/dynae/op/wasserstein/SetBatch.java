// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import java.util.Arrays;

/**
 * Sizes of many sliced Wasserstein distances in one call. A pair is one projection of one set; an
 * evaluation takes as many steps as its pairs need.
 *
 * @param sets K pairs of sets
 * @param samples N of each set
 * @param dims d
 * @param projections L, the same for all sets
 * @param rowsPerBlock rows of a block: a set lies as [block][d][rows of a block]
 * @param columns pairs that are sorted side by side
 * @param pairs most pairs of a step, a multiple of {@code columns}
 */
public record SetBatch(
    int sets, int samples, int dims, int projections, int rowsPerBlock, int columns, int pairs) {

  /** The same in steps of equal size, none of more than {@code most} pairs if that can be. */
  public SetBatch withPairs(long most) {
    long all = allPairs();
    long fitting = Math.max(columns, Math.min(all, most) / columns * columns);
    long steps = (all + fitting - 1) / fitting;
    long even = ((all + steps - 1) / steps + columns - 1) / columns * columns;
    return new SetBatch(
        sets, samples, dims, projections, rowsPerBlock, columns, Math.toIntExact(even));
  }

  /** Projections rounded up to whole columns. */
  public int padded() {
    return Math.toIntExact(((long) projections + columns - 1) / columns * columns);
  }

  /** Row blocks of a set. */
  public int blocks() {
    return Math.toIntExact(((long) samples + rowsPerBlock - 1) / rowsPerBlock);
  }

  /** Rows of a set with those that fill its last block. */
  public int rows() {
    return Math.multiplyExact(blocks(), rowsPerBlock);
  }

  /** Floats of a set. */
  public int setFloats() {
    return Math.multiplyExact(rows(), dims);
  }

  /** Pairs of all sets, padding columns among them. */
  public int allPairs() {
    return Math.multiplyExact(sets, padded());
  }

  /** Steps of an evaluation. */
  public int steps() {
    return (allPairs() + pairs - 1) / pairs;
  }

  /** First pair of the step that is the {@code cursor}-th of a launch. */
  int firstPair(int cursor) {
    return cursor % steps() * pairs;
  }

  /** Device text of the same. */
  String firstPair() {
    return steps() == 1 ? "0" : "(cursor %% %d * %d)".formatted(steps(), pairs);
  }

  /** Position in a set's floats of feature 0 of a row; feature d is d * rowsPerBlock farther. */
  public int at(int row) {
    return row / rowsPerBlock * (dims * rowsPerBlock) + row % rowsPerBlock;
  }

  /** Projects one set: keys[row] = theta_p . row, theta [d][padded]. */
  void project(float[] all, int set, float[] theta, int p, float[] keys, int keysAt, int to) {
    int base = set * setFloats();
    for (int row0 = 0; row0 < to; row0 += rowsPerBlock) {
      int n = Math.min(rowsPerBlock, to - row0);
      int from = base + row0 * dims;
      int at = keysAt + row0;
      Arrays.fill(keys, at, at + n, 0f);
      for (int i = 0; i < dims; i++) {
        float direction = theta[i * padded() + p];
        int line = from + i * rowsPerBlock;
        for (int r = 0; r < n; r++) {
          keys[at + r] += all[line + r] * direction;
        }
      }
    }
  }
}
