// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A block operation on rows of so many features that a GPU runs it as a kernel of its own.
 *
 * @param name of the operation; a C identifier
 * @param statement device text; it may use what {@link Operation#statement} may, {@code b}, and
 *     {@code part}, the thread block's number among those of block b
 * @param blocks blocks of rows
 * @param parts thread blocks of a block of rows
 * @param threads of a thread block
 * @param sharedFloats shared memory of a thread block
 */
public record WideRows(
    String name, String statement, int blocks, int parts, int threads, int sharedFloats) {
  /** Features from which on one warp a block of rows takes longer than the convolutions around. */
  public static final int LEAST_FEATURES = 1024;
}
