// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.DenseLayer;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/** What a matrix product leaves of a layer's gradient: db_j = sum over rows of dy_j. */
final class BiasGradient extends TeamOperation {
  private final Region gradients;
  private final DenseLayer layer;
  private final Region dy;

  BiasGradient(String name, Region gradients, DenseLayer layer, Region dy) {
    super(name, "dense/dense.cu");
    this.gradients = gradients;
    this.layer = layer;
    this.dy = dy;
    readsAll(dy);
    writesOwn(gradients);
  }

  @Override
  public String statement() {
    return "BIAS_GRADIENT(%s + %d, %d, %s, %d, %d * RB);"
        .formatted(
            gradients.at(), layer.bias(), layer.outputs(), dy.at(), dy.blocks(), dy.features());
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    for (int j = part; j < layer.outputs(); j += parts) {
      double sum = 0;
      for (int b = 0; b < dy.blocks(); b++) {
        sum += Loops.sum(memory.rows(dy)[b * dy.features() + j]);
      }
      memory.flat(gradients)[layer.bias() + j] = (float) sum;
    }
  }
}
