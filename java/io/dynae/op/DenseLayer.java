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
public record DenseLayer(String name, int inputs, int outputs, Activation activation, int offset) {
  /** Floats of W and b. */
  public int size() {
    return inputs * outputs + outputs;
  }

  /** One past the last parameter. */
  public int end() {
    return offset + size();
  }

  /** First bias. */
  int bias() {
    return offset + inputs * outputs;
  }
}
