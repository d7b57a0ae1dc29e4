// SPDX-License-Identifier: MIT
package io.dynae.simulation;

/** A potential energy and its force. Safe from any number of threads. */
public interface Potential {
  /** V(z). */
  double value(double... z);

  /** Writes -grad V(z) into {@code out}. */
  void force(double[] z, double[] out);
}
