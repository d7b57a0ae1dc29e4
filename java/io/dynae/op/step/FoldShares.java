// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import io.dynae.op.HostMemory;
import io.dynae.op.Layer;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/** Adds the shares of a layer's gradient up, first to last: dW_i = sum over n of share_n[i]. */
public final class FoldShares extends TeamOperation {
  private final Region shares;
  private final Region gradients;
  private final Layer layer;

  /**
   * @param shares [slices][size of the layer]
   */
  public FoldShares(String name, Region shares, Region gradients, Layer layer) {
    super(name, "dense/dense.cu", "convolution/convolution.cu");
    this.shares = shares;
    this.gradients = gradients;
    this.layer = layer;
    readsAll(shares);
    // Each layer owns its part of the gradients, so two of them do not wait for each other.
    writesOwn(gradients);
  }

  private int slices() {
    return shares.length() / layer.size();
  }

  @Override
  public String statement() {
    return "fold_shares(%s + %d, %s, %d, %d, item, items);"
        .formatted(gradients.at(), layer.offset(), shares.at(), layer.size(), slices());
  }

  @Override
  public boolean runsInTeams() {
    return false;
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    float[] from = memory.flat(shares);
    float[] to = memory.flat(gradients);
    int size = layer.size();
    int end = (int) ((long) size * (part + 1) / parts);
    for (int i = (int) ((long) size * part / parts); i < end; i++) {
      float sum = 0;
      for (int n = 0; n < slices(); n++) {
        sum += from[n * size + i];
      }
      to[layer.offset() + i] = sum;
    }
  }
}
