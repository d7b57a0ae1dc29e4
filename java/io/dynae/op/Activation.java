// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Locale;

/** Elementwise function of a dense layer's output. */
public enum Activation {
  RELU,
  TANH,
  LINEAR;

  /** The kernels' name for it. */
  public String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
