// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/** The words at the head of an arena that the host sets before each launch. */
public enum Control {
  /** Number of the first step since the run began: the counter of the random numbers. */
  STEP,
  /** Steps in this launch. */
  STEPS,
  /** Adam steps already done by encoder and decoder. */
  ADAM_REPRESENTATION,
  /** Adam steps already done by the prior. */
  ADAM_PRIOR,
  /** Low word of the seed. */
  SEED_LOW,
  /** High word of the seed. */
  SEED_HIGH,
  /** First of this model's entries in the list of frame numbers. */
  INDEX_OFFSET,
  /** Step within the launch; the phase kernels count it up. */
  CURSOR,
  /** Learning rate of encoder and decoder (float). */
  RATE_REPRESENTATION,
  /** Learning rate of the prior (float). */
  RATE_PRIOR,
  /** Weight of the regularisation (float). */
  BETA,
  /** Share that the running average of the weights keeps at each step (float). */
  AVERAGE_KEEP,
  /** Number of the epoch: the counter of its random orders. */
  EPOCH,
  /** Training pairs, or frames. */
  PAIRS,
  /** Frames from the first to the second of a pair. */
  LAG,
  /** Points to cluster: pairs padded to whole chunks, or 0 for an epoch without bins. */
  POINTS,
  /** First point of the chunk that step 0 of the launch encodes. */
  FIRST_POINT,
  /** 1 where the table of frames holds the rows of one chunk alone. */
  STAGED,
  /** Square of the smallest distance between centres (float). */
  MIN_DISTANCE_SQUARED,
  /** Bins that batches are drawn from. */
  BINS,
  /** Batches to draw. */
  BATCHES,
  /** Where in the list this model's draws begin: four words a bin. */
  DRAWS_OFFSET,
  /** Precision nu of SDE-VAE's prior of the first latent (float). */
  NU;

  /** Device text of an integer word. */
  public String intWord() {
    return "((GLOBAL const int*)a)[" + ordinal() + "]";
  }

  /** Device text of a float word. */
  public String floatWord() {
    return "a[" + ordinal() + "]";
  }

  /** The words of one model; floats are stored by their bits. */
  public static final class Words {
    private final int[] words = new int[values().length];

    public Words set(Control word, int value) {
      words[word.ordinal()] = value;
      return this;
    }

    public Words set(Control word, float value) {
      return set(word, Float.floatToRawIntBits(value));
    }

    /** Sets both words of the seed. */
    public Words seed(long seed) {
      return set(SEED_LOW, (int) seed).set(SEED_HIGH, (int) (seed >>> 32));
    }

    public int get(Control word) {
      return words[word.ordinal()];
    }

    public float getFloat(Control word) {
      return Float.intBitsToFloat(get(word));
    }

    public long seed() {
      return (get(SEED_LOW) & 0xffffffffL) | ((long) get(SEED_HIGH) << 32);
    }

    /** A copy of all words, in order. */
    public int[] toArray() {
      return Arrays.copyOf(words, words.length);
    }
  }
}
