// SPDX-License-Identifier: MIT
package io.dynae.train;

/** Hears of a training's progress; called from the training thread. */
public interface TrainingListener {
  /**
   * After each launch but the first, which compiles.
   *
   * @param losses mean of the epoch so far, of the first model
   */
  void progress(Progress progress, EpochLosses losses);

  /** After each epoch, once its state is kept. */
  void epochDone(Progress progress, EpochLosses losses);

  /** A remark for the person who waits: a fallback taken, a file kept. */
  void note(String text);

  /**
   * Where a training stands.
   *
   * @param models trained side by side; what follows is of the one farthest behind
   * @param epoch the running epoch, from 0
   * @param epochs epochs in all
   * @param step steps done in this epoch
   * @param steps steps of this epoch
   * @param bins bins of this epoch, 0 in the warm-up and of models without bins
   * @param stepsPerSecond over the last launch, all models together; NaN where only the first,
   *     which compiles, has run
   * @param share of all models' training that is done, 0 to 1
   * @param secondsLeft at the present speed, or NaN
   */
  record Progress(
      int models,
      int epoch,
      int epochs,
      int step,
      int steps,
      int bins,
      double stepsPerSecond,
      double share,
      double secondsLeft) {}
}
