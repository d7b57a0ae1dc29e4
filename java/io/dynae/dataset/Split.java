// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.error.InputException;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.util.Arrays;

/**
 * The pairs to train on and the pairs to test on, each as global indices of first frames.
 *
 * <p>No pair is in both. A random split leaves frames close in time on both sides, so its test loss
 * is that of a correlated copy; a blocked split shares no frame.
 */
public final class Split {
  private final int[] train;
  private final int[] test;

  private Split(int[] train, int[] test, int batchSize, FrameSource source) {
    if (train.length < batchSize) {
      throw new InputException(
          String.format(
              "batch_size: training pairs >= batch_size does not hold: %d pairs, batch_size %d"
                  + " (%s); %suse more frames, a smaller lag or a smaller batch_size",
              train.length, batchSize, source.all(), source.advice()));
    }
    this.train = train;
    this.test = test;
  }

  /**
   * The published split: all pairs shuffled once, the first floor(trainFraction * pairs) of them
   * for training.
   *
   * @param trainFraction between 0 and 1
   * @param batchSize the fewest training pairs
   * @throws InputException for fewer training pairs than a batch
   */
  public static Split random(LaggedPairs pairs, double trainFraction, long seed, int batchSize) {
    int[] firsts = pairs.firsts();
    new Shuffle(seed, Stream.SPLIT, 0).shuffle(firsts, 0, firsts.length);
    int cut = (int) Math.floor(trainFraction * firsts.length);
    int[] train = Arrays.copyOfRange(firsts, 0, cut);
    int[] test = Arrays.copyOfRange(firsts, cut, firsts.length);
    return new Split(train, test, batchSize, pairs.source());
  }

  /**
   * Tests on the end of each trajectory: of its n pairs those from floor(trainFraction * n) on.
   * Before them lag + prediction lag pairs are left out, so that no frame, target included, serves
   * both; a trajectory with fewer pairs before its cut gives test pairs only.
   *
   * @param trainFraction between 0 and 1
   * @param batchSize the fewest training pairs
   * @throws InputException for fewer training pairs than a batch
   */
  public static Split blocked(LaggedPairs pairs, double trainFraction, int batchSize) {
    int[] train = new int[pairs.count()];
    int[] test = new int[pairs.count()];
    int trained = 0;
    int tested = 0;
    for (int i = 0; i < pairs.trajectories(); i++) {
      int n = pairs.pairsOf(i);
      int cut = (int) Math.floor(trainFraction * n);
      for (int t = 0; t < cut - pairs.reach(); t++) {
        train[trained++] = pairs.startOf(i) + t;
      }
      for (int t = cut; t < n; t++) {
        test[tested++] = pairs.startOf(i) + t;
      }
    }
    return new Split(
        Arrays.copyOf(train, trained), Arrays.copyOf(test, tested), batchSize, pairs.source());
  }

  /** First frames of the training pairs; not a copy. */
  public int[] train() {
    return train;
  }

  /** First frames of the test pairs; not a copy. */
  public int[] test() {
    return test;
  }
}
