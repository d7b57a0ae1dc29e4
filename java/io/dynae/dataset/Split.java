// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.error.InputException;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The pairs to train on and the pairs to test on, each as global indices of first frames.
 *
 * <p>No pair is in both. A random split leaves frames close in time on both sides, so its test loss
 * is that of a correlated copy; a blocked split shares no frame.
 */
public final class Split {
  /** Pairs of a stretch for each one that a gap takes: two gaps take at most a tenth of it. */
  private static final int PAIRS_PER_GAP = 20;

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
   * Cuts each trajectory into equal stretches and tests on the end of each: of its n pairs those
   * from floor(trainFraction * n) on. Before and after them lag + prediction lag pairs are left out
   * of the training, so that no frame, target included, serves both. A short trajectory has fewer
   * stretches, so that at most a tenth of its pairs is left out. Many that are too short even for
   * one are held out whole, as many as {@code trainFraction} asks for, evenly spread; a few, or
   * with one block, give their ends all the same, and test pairs only where there is no room for a
   * gap.
   *
   * @param trainFraction between 0 and 1
   * @param blocks stretches of a trajectory, at least 1
   * @param batchSize the fewest training pairs
   * @throws InputException for fewer training pairs than a batch
   */
  public static Split blocked(LaggedPairs pairs, double trainFraction, int blocks, int batchSize) {
    int[] train = new int[pairs.count()];
    int[] test = new int[pairs.count()];
    int trained = 0;
    int tested = 0;
    int gap = pairs.reach();
    long least = leastStretch(gap, trainFraction);
    long small =
        IntStream.range(0, pairs.trajectories()).filter(i -> pairs.pairsOf(i) < least).count();
    boolean whole = blocks > 1 && heldOut(small, trainFraction) > 0;
    long smallBefore = 0;
    for (int i = 0; i < pairs.trajectories(); i++) {
      long n = pairs.pairsOf(i);
      if (whole && n < least) {
        boolean held =
            heldOut(++smallBefore, trainFraction) > heldOut(smallBefore - 1, trainFraction);
        for (int t = 0; t < n; t++) {
          if (held) {
            test[tested++] = pairs.startOf(i) + t;
          } else {
            train[trained++] = pairs.startOf(i) + t;
          }
        }
        continue;
      }
      long stretches = Math.min(blocks, Math.max(1, n / least));
      for (long b = 0; b < stretches; b++) {
        int begin = (int) (n * b / stretches);
        int end = (int) (n * (b + 1) / stretches);
        int cut = begin + (int) Math.floor(trainFraction * (end - begin));
        for (int t = b == 0 ? 0 : begin + gap; t < cut - gap; t++) {
          train[trained++] = pairs.startOf(i) + t;
        }
        for (int t = cut; t < end; t++) {
          test[tested++] = pairs.startOf(i) + t;
        }
      }
    }
    return new Split(
        Arrays.copyOf(train, trained), Arrays.copyOf(test, tested), batchSize, pairs.source());
  }

  /** Of so many things those to hold out; a fraction such as 0.8 is a little off in binary. */
  private static long heldOut(long of, double trainFraction) {
    return (long) ((1 - trainFraction) * of + 1e-9);
  }

  /** Fewest pairs of one of several stretches: gaps take little of it, and both sides get some. */
  private static long leastStretch(int gap, double trainFraction) {
    double share = Math.min(trainFraction, 1 - trainFraction);
    return Math.max((long) PAIRS_PER_GAP * gap, (long) Math.ceil(1 / share));
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
