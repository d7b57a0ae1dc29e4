// SPDX-License-Identifier: MIT
package io.dynae.train;

/** Hears of a training's progress; called from the training thread. */
public interface TrainingListener {
  /**
   * After each launch.
   *
   * @param losses mean of the epoch so far
   */
  void progress(Progress progress, EpochLosses losses);

  /** After each epoch, once its checkpoint is safe. */
  void epochDone(Progress progress, EpochLosses losses);

  /** A remark for the person who waits: a fallback taken, a file kept. */
  void note(String text);

  /**
   * Where a training stands.
   *
   * @param epoch the running epoch, from 0
   * @param epochs epochs in all
   * @param step steps done in this epoch
   * @param steps steps of this epoch
   * @param bins bins of this epoch, 0 in epoch 0
   * @param stepsPerSecond over the last launches
   */
  record Progress(int epoch, int epochs, int step, int steps, int bins, double stepsPerSecond) {
    /** Share of the whole training done, 0 to 1, epochs taken as equally long. */
    public double share() {
      return (epoch + (double) step / Math.max(1, steps)) / epochs;
    }

    /** Seconds left at the present speed. */
    public double secondsLeft() {
      double left = epochs - epoch - (double) step / Math.max(1, steps);
      return left * steps / Math.max(1e-9, stepsPerSecond);
    }
  }
}
