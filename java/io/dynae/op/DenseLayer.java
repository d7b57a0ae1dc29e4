// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A dense layer y = activation(W x + b) and where its parameters lie.
 *
 * @param name such as {@code encoder.0}
 * @param inputs K
 * @param outputs N
 * @param activation of the output
 * @param offset of W [K][N], then b [N], in the parameters
 */
public record DenseLayer(String name, int inputs, int outputs, Activation activation, int offset)
    implements Layer {
  /** [N][K]. */
  @Override
  public int[] weightShape() {
    return new int[] {outputs, inputs};
  }

  @Override
  public int weightAt(int i) {
    return offset + i % inputs * outputs + i / inputs;
  }

  @Override
  public int biases() {
    return outputs;
  }

  @Override
  public int bias() {
    return offset + inputs * outputs;
  }

  @Override
  public int fanIn() {
    return inputs;
  }
}
