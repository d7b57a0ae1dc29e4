// SPDX-License-Identifier: MIT
package io.dynae.simulation;

/** A sequence of independent standard normal numbers. */
@FunctionalInterface
public interface NoiseSource {
  /** Fills {@code out} with the next numbers of the sequence. */
  void fill(double[] out);
}
