// SPDX-License-Identifier: MIT
package io.dynae.train;

/** How fast steps run. The first launch of a training does not count: much of it is compilation. */
final class StepRate {
  /** Steps of each model in the first launch. */
  private final int firstSteps;

  private boolean begun;
  private double ofLaunch = Double.NaN;
  private int stepsLeftOut;
  private double secondsLeftOut;
  private double epochSeconds;

  StepRate(int firstSteps) {
    this.firstSteps = firstSteps;
  }

  void epochBegins() {
    epochSeconds = 0;
    stepsLeftOut = 0;
    secondsLeftOut = 0;
  }

  /**
   * Notes a launch.
   *
   * @param steps of all models together
   */
  void launched(int steps, double seconds) {
    if (begun) {
      ofLaunch = steps / Math.max(1e-9, seconds);
      epochSeconds += seconds;
    } else {
      begun = true;
      stepsLeftOut = firstSteps;
      secondsLeftOut = seconds;
    }
  }

  /** Whether a launch has counted. */
  boolean known() {
    return !Double.isNaN(ofLaunch);
  }

  /** Steps per second over the last launch, all models together, or NaN. */
  double ofLaunch() {
    return ofLaunch;
  }

  /**
   * Steps per second over the epoch; where there were none but those of the first launch, over
   * that.
   *
   * @param steps that the model ran in the epoch
   */
  double ofEpoch(int steps) {
    int counted = steps - stepsLeftOut;
    return counted > 0
        ? counted / Math.max(1e-9, epochSeconds)
        : steps / Math.max(1e-9, secondsLeftOut + epochSeconds);
  }
}
