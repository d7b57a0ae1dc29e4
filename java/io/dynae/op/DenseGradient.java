// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * Gradient of a dense layer's parameters: dW_kj = sum over streams and rows of x_k dy_j, db_j = sum
 * over rows of dy_j (first stream).
 */
public final class DenseGradient extends TeamOperation implements DenseProduct {
  private final Region gradients;
  private final DenseLayer layer;
  private final Region x;
  private final Region dy;
  private final int blocks;
  private final int streams;

  /**
   * Sums over the blocks of {@code dy}; x may have more.
   *
   * @param streams 1, or 1 + d with tangents: stream s of x lies {@code s * inputs} features in,
   *     that of dy {@code s * outputs}
   */
  public DenseGradient(
      String name, Region gradients, DenseLayer layer, Region x, Region dy, int streams) {
    super(name, "dense.cu");
    this.gradients = gradients;
    this.layer = layer;
    this.x = x;
    this.dy = dy;
    this.blocks = dy.blocks();
    this.streams = streams;
    readsAll(x, dy);
    // Each layer owns its part of the gradients, so two of them do not wait for each other.
    writesOwn(gradients);
  }

  @Override
  public String statement() {
    return "DENSE_GRADIENT(%s + %d, %d, %d, %s, %s, %d, %d * RB, %d * RB, %d, %d * RB, %d * RB);"
        .formatted(
            gradients.at(),
            layer.offset(),
            layer.inputs(),
            layer.outputs(),
            x.at(),
            dy.at(),
            blocks,
            x.features(),
            dy.features(),
            streams,
            layer.inputs(),
            layer.outputs());
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    float[] out = memory.flat(gradients);
    float[][] in = memory.rows(x);
    float[][] gradient = memory.rows(dy);
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    float[] rows = new float[memory.layout().rowsPerBlock()];
    for (int k = part; k < inputs; k += parts) {
      for (int j = 0; j < outputs; j++) {
        float sum = 0;
        for (int s = 0; s < streams; s++) {
          int x0 = s * inputs + k;
          int dy0 = s * outputs + j;
          sum += Loops.dot(in, x0, x.features(), gradient, dy0, dy.features(), blocks, rows);
        }
        out[layer.offset() + k * outputs + j] = sum;
      }
    }
    for (int j = part; j < outputs; j += parts) {
      double sum = 0;
      for (int b = 0; b < blocks; b++) {
        sum += Loops.sum(gradient[b * dy.features() + j]);
      }
      out[layer.bias() + j] = (float) sum;
    }
  }

  @Override
  public long multiplyAddsPerRow() {
    return (long) streams * layer.inputs() * layer.outputs();
  }

  @Override
  public boolean suitsLibrary() {
    return streams == 1
        && multiplyAddsPerRow() >= WIDE
        && x.features() == layer.inputs()
        && dy.features() == layer.outputs();
  }

  @Override
  public void multiply(Matrices library) {
    int dw = gradients.offset() + layer.offset();
    library.weightGradient(x.offset(), dy.offset(), dw, blocks, layer.inputs(), layer.outputs());
  }

  @Override
  public Operation remainder() {
    return new BiasGradient(name() + "_bias", gradients, layer, dy);
  }
}
