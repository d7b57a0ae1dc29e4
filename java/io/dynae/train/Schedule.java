// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;
import io.dynae.model.ModelKind;

/**
 * Learning rates and beta by epoch (method section 4): the first epochs of a DynAE, one by default,
 * warm encoder and decoder up without bins, with a rate and a beta of their own; after that, and
 * from the start of other models, the rate falls by a factor every so many epochs. The prior's rate
 * stays.
 */
record Schedule(RunConfig config) {
  private boolean binned() {
    return ModelKind.of(config.model()).binned();
  }

  /** First epoch whose batches come from bins; 0 for a model without. */
  int firstBinned() {
    return binned() ? config.warmupEpochs() : 0;
  }

  /** Whether an epoch has the warm-up's rate and beta. */
  boolean warmsUp(int epoch) {
    return epoch < firstBinned();
  }

  double rate(int epoch) {
    if (warmsUp(epoch)) {
      return config.warmupLearningRate();
    }
    int periods = (epoch - firstBinned()) / config.learningRatePeriod();
    return config.learningRate() * Math.pow(config.learningRateFactor(), periods);
  }

  double priorRate() {
    return config.learningRate();
  }

  /** Neither the warm-up nor any model's epoch 0 leaves a trace in the average of the weights. */
  double averageKeep(int epoch) {
    return epoch == 0 || warmsUp(epoch) ? 0 : config.weightAveraging();
  }

  double beta(int epoch) {
    return warmsUp(epoch) ? config.beta() * config.warmupBetaFactor() : config.beta();
  }
}
