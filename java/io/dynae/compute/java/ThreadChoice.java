// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

/**
 * Chooses between one thread and all for each launch, by what the last launches took.
 *
 * <p>Threads meet every 100 us. Where other programs want the cores too, each meeting waits for a
 * thread that is not running, and one thread alone is several times faster. Results do not depend
 * on the choice.
 */
final class ThreadChoice {
  private static final int MOST_LAUNCHES_BETWEEN_TRIALS = 32;

  private final int most;
  private double one = Double.NaN;
  private double all = Double.NaN;
  private int sinceTrial;

  /** Short at first, while the JIT still changes what a launch takes. */
  private int launchesBetweenTrials = 1;

  ThreadChoice(int most) {
    this.most = most;
  }

  /** Threads of the next launch. */
  int threads() {
    if (most == 1 || Double.isNaN(all)) {
      return most;
    }
    if (Double.isNaN(one)) {
      return 1;
    }
    boolean allIsFaster = all <= one;
    boolean trial = sinceTrial >= launchesBetweenTrials;
    return allIsFaster != trial ? most : 1;
  }

  /** Notes what a launch took, per step. */
  void took(int threads, double nanosPerStep) {
    boolean faster = threads == most ? !(all > one) : !(one > all);
    sinceTrial++;
    if (!faster) {
      sinceTrial = 0;
      launchesBetweenTrials = Math.min(MOST_LAUNCHES_BETWEEN_TRIALS, launchesBetweenTrials + 1);
    }
    if (threads == most) {
      all = nanosPerStep;
    } else {
      one = nanosPerStep;
    }
  }
}
