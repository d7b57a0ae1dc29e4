// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;

/** What several keys ask of each other. */
final class KeyRules {
  /** Shares of the width that are the channels of the encoder's last map. */
  private static final int PIXELS = 16;

  private KeyRules() {}

  /**
   * Checks a configuration.
   *
   * @throws InputException when a trajectory has no target of its own, when one of encoder and
   *     decoder is convolutional and the other dense, when a convolutional encoder's width is no
   *     multiple of 16, or when there are fewer epochs than several starts are tried for
   */
  static void require(RunConfig config, Sources sources) {
    requireOneTargetEach(config, sources);
    requireConvolutions(config, sources);
    requireEpochsOfStarts(config, sources);
  }

  private static void requireOneTargetEach(RunConfig config, Sources sources) {
    int inputs = config.inputData().size();
    int targets = config.targetData().size();
    if (targets > 0 && targets != inputs) {
      throw new InputException(
          ("%s: files of target_data = files of input_data does not hold: %d and %d;"
                  + " name one target per trajectory, or none")
              .formatted(where(sources, Key.TARGET_DATA), targets, inputs));
    }
  }

  private static void requireEpochsOfStarts(RunConfig config, Sources sources) {
    long least = (long) config.warmupEpochs() + RunConfig.START_EPOCHS;
    if (config.starts() > 1 && config.maxEpochs() < least) {
      throw new InputException(
          ("%s: max_epochs >= warmup_epochs + %d, what starts are compared after, does not hold:"
                  + " %d, %d; train longer, or write starts = 1")
              .formatted(
                  where(sources, Key.MAX_EPOCHS),
                  RunConfig.START_EPOCHS,
                  config.maxEpochs(),
                  least));
    }
  }

  private static void requireConvolutions(RunConfig config, Sources sources) {
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
