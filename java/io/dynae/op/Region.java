// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A named buffer of a model's arena.
 *
 * <p>Rows regions hold one value a row and feature, stored [block][feature][rows of a block], so
 * that lanes read neighbouring rows; {@code blocks} is the number of row blocks. Flat regions hold
 * {@code length} floats, or ints, and have no blocks.
 *
 * @param name unique in its layout; a C identifier
 * @param features features of a row, or 0 when flat
 * @param blocks row blocks, or 0 when flat
 * @param length floats or ints in all
 * @param offset first of them in the arena
 * @param ints whether it holds ints
 */
public record Region(String name, int features, int blocks, int length, int offset, boolean ints) {
  /** Device text of the region's address, given the arena {@code a}. */
  public String at() {
    return (ints ? "((GLOBAL int*)a + " : "(a + ") + offset + ")";
  }

  /** Device text of block {@code block}'s address. */
  public String block(String block) {
    return "ROWS(a + " + offset + ", " + features + ", " + block + ")";
  }
}
