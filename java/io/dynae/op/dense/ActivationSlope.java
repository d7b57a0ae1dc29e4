// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.Activation;
import io.dynae.op.BlockOperation;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;

/** What a matrix product leaves of an input gradient: dx *= slope of the activation, from its x. */
final class ActivationSlope extends BlockOperation {
  private final Activation below;
  private final Region x;
  private final Region dx;

  ActivationSlope(String name, Activation below, Region x, Region dx) {
    super(name, dx.blocks(), "dense/dense.cu");
    this.below = below;
    this.x = x;
    this.dx = dx;
    reads(x);
    writes(dx);
  }

  @Override
  public String statement() {
    return "ACTIVATION_SLOPE(%s, %s, %s, %d);"
        .formatted(below.kernelName(), x.block("b"), dx.block("b"), dx.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    for (int k = 0; k < dx.features(); k++) {
      float[] g = memory.rows(dx)[b * dx.features() + k];
      Loops.derive(below, g, memory.rows(x)[b * x.features() + k]);
    }
  }
}
