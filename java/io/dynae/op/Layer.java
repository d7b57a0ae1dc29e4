// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A layer of a network and where its parameters lie: weights from {@link #offset} on in the order
 * that its kernels like, then a bias for each output or output channel.
 */
public sealed interface Layer permits DenseLayer, ConvLayer {
  /** Such as {@code encoder.0}. */
  String name();

  /** Features that go in. */
  int inputs();

  /** Features that come out. */
  int outputs();

  /** Activation of the output. */
  Activation activation();

  /** First weight. */
  int offset();

  /** Length of each dimension of the weights as files have them: PyTorch's. */
  int[] weightShape();

  /** Where weight {@code i} of a file, row-major in {@link #weightShape}, lies. */
  int weightAt(int i);

  /** Number of biases. */
  int biases();

  /** First bias. */
  int bias();

  /** K of the initial range (-1/sqrt(K), 1/sqrt(K)): PyTorch's fan-in. */
  int fanIn();

  /** One past the last parameter. */
  default int end() {
    return bias() + biases();
  }

  /** Floats of weights and biases. */
  default int size() {
    return end() - offset();
  }

  /** Number of weights. */
  default int weights() {
    return bias() - offset();
  }

  /** Name of the layer's output in layouts. */
  default String bufferName() {
    return name().replace('.', '_');
  }
}
