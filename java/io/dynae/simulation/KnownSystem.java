// SPDX-License-Identifier: MIT
package io.dynae.simulation;

/**
 * A system whose true coordinates are known: what moves, and what of it can be seen.
 *
 * <p>The true coordinates diffuse alike in every direction and everywhere, as the isometry error
 * needs it. A system has no state of its own; {@link #observe} is safe from any number of threads.
 */
public interface KnownSystem {
  /** The name on the command line. */
  String name();

  /** Columns of {@code true.npy}. */
  int dimension();

  /** Shape of one frame of {@code observed.npy}: [features], or [channels, height, width]. */
  int[] frameShape();

  /** True for pixels in [0, 1], kept as unsigned bytes; false for numbers, kept as float64. */
  boolean images();

  /** Frames that are worth training on. */
  int usualFrames();

  /** The motion from the first frame on that is written, past the start's transient. */
  Motion start(NoiseSource noise);

  /**
   * What a state looks like.
   *
   * @param states the state is {@code states[at .. at+stateSize)}
   * @param seed and {@code frame} key whatever is random in looking, such as photons
   * @param out receives the product of {@link #frameShape} numbers, the last dimension fastest
   */
  void observe(double[] states, int at, long seed, int frame, double[] out);
}
