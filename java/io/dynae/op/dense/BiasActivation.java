// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.BlockOperation;
import io.dynae.op.DenseLayer;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;

/** What a matrix product leaves of a dense layer forward: y_j = activation(y_j + b_j). */
final class BiasActivation extends BlockOperation {
  private final Region parameters;
  private final DenseLayer layer;
  private final Region y;

  BiasActivation(String name, Region parameters, DenseLayer layer, Region y) {
    super(name, y.blocks(), "dense/dense.cu");
    this.parameters = parameters;
    this.layer = layer;
    this.y = y;
    reads(parameters);
    writes(y);
  }

  @Override
  public String statement() {
    return "BIAS_ACTIVATION(%s, %s + %d, %d, %s);"
        .formatted(
            layer.activation().kernelName(),
            parameters.at(),
            layer.bias(),
            layer.outputs(),
            y.block("b"));
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[] p = memory.flat(parameters);
    for (int j = 0; j < layer.outputs(); j++) {
      float[] out = memory.rows(y)[b * y.features() + j];
      for (int r = 0; r < out.length; r++) {
        out[r] += p[layer.bias() + j];
      }
      Loops.activate(layer.activation(), out);
    }
  }
}
