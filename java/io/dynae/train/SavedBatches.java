// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.bins.Resampling;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import java.nio.file.Path;
import java.util.BitSet;

/** The batches of an epoch that was stopped in its middle, as its checkpoint has them. */
final class SavedBatches {
  private SavedBatches() {}

  /**
   * Refuses batches that the run's data and configuration cannot have drawn.
   *
   * @throws InputException which names the checkpoint
   */
  static void require(Checkpoint saved, RunConfig config, TrainingData data, Path file) {
    int batch = config.batchSize();
    int[] firsts = saved.batches;
    int bins = EpochBatches.mostBins(config);
    int most = Resampling.mostBatches(data.train().length, bins, batch);
    if (firsts.length % batch != 0
        || firsts.length / batch > most
        || saved.stepInEpoch > firsts.length / batch) {
      throw damaged(
          file,
          "step %d of batches of %d among %d numbers of frames"
              .formatted(saved.stepInEpoch, batch, firsts.length));
    }
    BitSet train = new BitSet();
    for (int first : firsts.length == 0 ? firsts : data.train()) {
      train.set(first);
    }
    for (int first : firsts) {
      if (!train.get(first)) {
        throw damaged(file, "frame %d, which begins no pair of the training".formatted(first));
      }
    }
  }

  private static InputException damaged(Path file, String what) {
    return new InputException(
        "%s: its epoch has %s: the file is damaged; restore it from a copy or train again"
            .formatted(file, what));
  }
}
