// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;
import io.dynae.error.DivergedException;
import io.dynae.model.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Says where a training diverged and what is left of it.
 *
 * @param checkpoint file of the last good state, where there is one
 * @param save brings that file up to date
 * @param resumedAt steps that were done when this process went on with the training; 0 where it
 *     began
 * @param largest names the data's largest value, which may be why the first epoch diverges
 */
record Divergence(
    RunConfig config, Path checkpoint, Runnable save, int resumedAt, Supplier<String> largest) {
  /**
   * The error.
   *
   * @param step in the state's epoch, from 0
   * @param broken the relation that does not hold, with its value
   */
  DivergedException at(Checkpoint state, int step, String broken) {
    save.run();
    return new DivergedException(
        "epoch %d, step %d: %s; %s%s; last good checkpoint: %s"
            .formatted(
                state.epoch,
                step,
                broken,
                state.epoch == 0 ? "largest value of the data: " + largest.get() + "; " : "",
                advice(state),
                Files.exists(checkpoint) ? checkpoint : "none yet"));
  }

  /** What can help. Weights and random numbers are the same after each resumption. */
  private String advice(Checkpoint state) {
    String lower = "lower " + inUse(state.epoch);
    if (!Files.exists(checkpoint)) {
      return lower;
    }
    int epochBegan = state.step - state.stepInEpoch;
    return resumedAt > 0 && epochBegan <= resumedAt
        ? "--resume ends here each time, as it repeats the same steps: begin a new run with another"
            + " seed, or "
            + lower
            + " in it, or --resume with another --backend"
        : lower + " in a new run, as --resume would end here again";
  }

  /** The settings that an epoch is trained with; the prior has its own rate from the start. */
  private String inUse(int epoch) {
    return new Schedule(config).warmsUp(epoch)
        ? "warmup_learning_rate (%s) or warmup_beta_factor (%s), or learning_rate (%s), the prior's"
            .formatted(
                config.warmupLearningRate(), config.warmupBetaFactor(), config.learningRate())
        : "learning_rate (%s) or beta (%s)".formatted(config.learningRate(), config.beta());
  }

  /**
   * Refuses a value that is not finite.
   *
   * @param relation what is finite, in words
   * @throws DivergedException naming the first such value and the mean loss of the epoch so far
   */
  void requireFinite(Checkpoint state, String relation, float... values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw at(state, state.stepInEpoch, relation + " does not hold: " + value + losses(state));
      }
    }
  }

  /** The mean loss of the epoch so far, as the end of a relation. */
  String losses(Checkpoint state) {
    double beta = new Schedule(config).beta(state.epoch);
    EpochLosses mean =
        EpochLosses.mean(state.shape.kind(), state.lossSums, state.stepInEpoch, beta);
    return " at mean loss " + mean.representation();
  }
}
