// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.device.DeviceMemory;
import io.dynae.op.Matrices;

/** cuBLAS at work in one arena. */
record ArenaMatrices(CublasDense dense, DeviceMemory arena) implements Matrices {
  private FloatSlice at(int position) {
    return new FloatSlice(arena, position);
  }

  @Override
  public void forward(int x, int w, int y, int blocks, int inputs, int outputs) {
    dense.forward(at(x), at(w), at(y), blocks, inputs, outputs);
  }

  @Override
  public void inputGradient(int dy, int w, int dx, int blocks, int inputs, int outputs) {
    dense.inputGradient(at(dy), at(w), at(dx), blocks, inputs, outputs);
  }

  @Override
  public void weightGradient(int x, int dy, int dw, int blocks, int inputs, int outputs) {
    dense.weightGradient(at(x), at(dy), at(dw), blocks, inputs, outputs);
  }
}
