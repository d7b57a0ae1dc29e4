// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;

/** What convolutional nets ask of several keys together. */
final class ConvolutionRules {
  /** Shares of the width that are the channels of the encoder's last map. */
  private static final int PIXELS = 16;

  private ConvolutionRules() {}

  /**
   * Checks a configuration.
   *
   * @throws InputException when one of encoder and decoder is convolutional and the other dense, or
   *     the encoder's width is no multiple of 16
   */
  static void require(RunConfig config, Sources sources) {
    boolean decoder = config.convolutionalDecoder();
    if (config.convolutional() != decoder) {
      throw new InputException(
          ("%s: conv_encoder goes with deconv_decoder, and fc_encoder with fc_decoder, does not hold:"
                  + " %s, %s; change one of them")
              .formatted(
                  where(sources, config.convolutional() ? Key.ENCODER_TYPE : Key.DECODER_TYPE),
                  config.convolutional() ? "conv_encoder" : "fc_encoder",
                  decoder ? "deconv_decoder" : "fc_decoder"));
    }
    if (decoder && config.encoderWidth() % PIXELS != 0) {
      throw new InputException(
          ("%s: neuron_num1 is a multiple of %d with conv_encoder does not hold: %d; write"
                  + " neuron_num1 = 256")
              .formatted(where(sources, Key.NEURON_NUM1), PIXELS, config.encoderWidth()));
    }
  }

  private static String where(Sources sources, Key key) {
    ValueSource source = sources.find(key);
    return source == null ? "default of " + key.text() : source.where();
  }
}
