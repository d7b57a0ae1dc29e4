// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;

/**
 * Learning rates and beta by epoch (method section 4): epoch 0 warms encoder and decoder up with a
 * rate and a beta of its own; from epoch 1 on the rate falls by a factor every so many epochs. The
 * prior's rate stays.
 */
record Schedule(RunConfig config) {
  double rate(int epoch) {
    if (epoch == 0) {
      return config.warmupLearningRate();
    }
    int periods = (epoch - 1) / config.learningRatePeriod();
    return config.learningRate() * Math.pow(config.learningRateFactor(), periods);
  }

  double priorRate() {
    return config.learningRate();
  }

  /** The warm-up leaves no trace in the average of the weights. */
  double averageKeep(int epoch) {
    return epoch == 0 ? 0 : config.weightAveraging();
  }

  double beta(int epoch) {
    return epoch == 0 ? config.beta() * config.warmupBetaFactor() : config.beta();
  }
}
