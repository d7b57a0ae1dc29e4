// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;
import io.dynae.model.ModelKind;

/**
 * Learning rates and beta by epoch (method section 4): epoch 0 of a DynAE warms encoder and decoder
 * up with a rate and a beta of its own; after that, and from the start of other models, the rate
 * falls by a factor every so many epochs. The prior's rate stays.
 */
record Schedule(RunConfig config) {
  private boolean warmsUp(int epoch) {
    return epoch == 0 && ModelKind.of(config.model()).binned();
  }

  double rate(int epoch) {
    if (warmsUp(epoch)) {
      return config.warmupLearningRate();
    }
    int before = ModelKind.of(config.model()).binned() ? epoch - 1 : epoch;
    int periods = before / config.learningRatePeriod();
    return config.learningRate() * Math.pow(config.learningRateFactor(), periods);
  }

  double priorRate() {
    return config.learningRate();
  }

  /** Epoch 0 leaves no trace in the average of the weights. */
  double averageKeep(int epoch) {
    return epoch == 0 ? 0 : config.weightAveraging();
  }

  double beta(int epoch) {
    return warmsUp(epoch) ? config.beta() * config.warmupBetaFactor() : config.beta();
  }
}
