// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import io.dynae.random.Permutation;
import io.dynae.random.Stream;

/**
 * Draws the epoch's batches into the list: [batches][2][B], frames at t and then those at t + lag,
 * or [batches][B] where samples are single frames.
 *
 * <p>Draws are four ints a bin in the list: first member, members, first batch, batches a repeat.
 * Each repeat takes consecutive runs of B members of a random order of the bin, so no pair twice;
 * the batches lie in random order. Without points (POINTS = 0) members are all training pairs, in
 * one bin.
 */
public final class DrawBatches extends TeamOperation {
  /** Ints that describe the draws of a bin. */
  public static final int WORDS = 4;

  private final Region pairs;
  private final Region members;
  private final int batch;
  private final int frames;

  /**
   * @param pairs first frames of all training pairs
   * @param members the same, bin after bin
   * @param batch B
   * @param frames 2 for pairs, 1 for their first frames alone
   */
  public DrawBatches(String name, Region pairs, Region members, int batch, int frames) {
    super(name, "bins/permutation.cu", "bins/epoch.cu");
    this.pairs = pairs;
    this.members = members;
    this.batch = batch;
    this.frames = frames;
    readsAll(pairs, members);
  }

  @Override
  public String statement() {
    return ("draw_batches(list + %s, %s == 0 ? %s : %s, list + %s, %s, %s, %d, %d, %s, key0, key1, %s,"
            + " worker, workers);")
        .formatted(
            Control.INDEX_OFFSET.intWord(),
            Control.POINTS.intWord(),
            pairs.at(),
            members.at(),
            Control.DRAWS_OFFSET.intWord(),
            Control.BINS.intWord(),
            Control.BATCHES.intWord(),
            batch,
            frames,
            Control.LAG.intWord(),
            Control.EPOCH.intWord());
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    Control.Words words = memory.control();
    int batches = words.get(Control.BATCHES);
    if (batches == 0) {
      return;
    }
    int epoch = words.get(Control.EPOCH);
    int lag = words.get(Control.LAG);
    int[] from = memory.ints(words.get(Control.POINTS) == 0 ? pairs : members);
    int[] list = memory.index();
    Permutation places = new Permutation(words.seed(), Stream.BATCH_ORDER, epoch, 0, 0, batches);
    int[] chosen = new int[batch];
    for (int s = part; s < batches; s += parts) {
      int drawn = places.at(s);
      int draw = draw(list, words, drawn);
      int run = drawn - list[draw + 2];
      int perRepeat = list[draw + 3];
      int bin = (draw - words.get(Control.DRAWS_OFFSET)) / WORDS;
      new Permutation(words.seed(), Stream.RESAMPLING, epoch, bin, run / perRepeat, list[draw + 1])
          .fill(run % perRepeat * batch, batch, chosen);
      int at = words.get(Control.INDEX_OFFSET) + s * frames * batch;
      for (int j = 0; j < batch; j++) {
        int frame = from[list[draw] + chosen[j]];
        list[at + j] = frame;
        if (frames == 2) {
          list[at + batch + j] = frame + lag;
        }
      }
    }
  }

  /** The last bin that does not begin after batch {@code b}: where its draw lies in the list. */
  private static int draw(int[] list, Control.Words words, int b) {
    int low = 0;
    int high = words.get(Control.BINS);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (list[words.get(Control.DRAWS_OFFSET) + WORDS * middle + 2] <= b) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return words.get(Control.DRAWS_OFFSET) + WORDS * low;
  }
}
