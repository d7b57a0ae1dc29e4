// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;
import java.util.Locale;
import java.util.Optional;

/** Says where a model is much worse on its test pairs than on those that it was trained on. */
public final class HeldOut {
  /** Times the training's reconstruction error that the test's may be. */
  private static final double MOST = 2;

  private HeldOut() {}

  /**
   * A remark for the user, where there is a reason for one.
   *
   * @param test losses on the test pairs
   * @param training losses of the same weights on training pairs
   */
  public static Optional<String> note(
      Trainer trainer, Member member, EpochLosses test, EpochLosses training) {
    if (test.reconstruction() <= MOST * training.reconstruction()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s: reconstruction error of test pairs (%.4g) > %.0f times that of training pairs (%.4g):"
                + " the model does not know what it was not trained on; %stry more data%s",
            member.directory.path(),
            test.reconstruction(),
            MOST,
            training.reconstruction(),
            far(trainer, member),
            member.config.blockedSplit() ? " or more blocks" : ""));
  }

  private static String far(Trainer trainer, Member member) {
    if (!member.kind().binned()) {
      return "";
    }
    TrainingData data = member.data;
    RunConfig config = member.config;
    FarFrames far =
        FarFrames.of(
            trainer.latents(member),
            config.latentDimension(),
            data.train(),
            data.test(),
            config.lag(),
            config.minDist());
    if (far.frames().length == 0) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%d of %d test frames looked at lie farther than min_dist (%s) from the latents of all"
            + " training frames, the first %s; ",
        far.frames().length,
        far.looked(),
        config.minDist(),
        data.input().locate(far.frames()[0]));
  }
}
