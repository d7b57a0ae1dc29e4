// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.model.Model;
import io.dynae.op.Control;
import io.dynae.op.Table;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * Training of models side by side on synthetic frames: standard normal, in random pairs of
 * neighbours. Each model has its own seed, initial weights and pairs.
 */
public final class StepRun implements AutoCloseable {
  /** Most steps of one launch. */
  public static final int MOST_STEPS = 200;

  /** Models begin at different batches of one list, which goes round after so many. */
  private static final int OFFSETS = 64;

  private static final float BETA = 10;

  private final BenchConfig config;
  private final Model model;
  private final Executor executor;
  private final FrameTable frames;
  private final int first;
  private final long seed;
  private final float rate;
  private int done;

  /**
   * Allocates, compiles, and puts initial states in place.
   *
   * @param first number of the first model: what a model computes depends on its number alone
   * @param models side by side
   * @param seed of the model of number 0; each next one has the next seed
   * @param rate learning rate of both optimisers
   */
  public StepRun(
      BenchConfig config, Backend backend, int first, int models, long seed, float rate) {
    this.config = config;
    this.first = first;
    this.seed = seed;
    this.rate = rate;
    model = config.model(backend);
    executor = backend.executor(model.plan(), models);
    frames = frames(backend, config, seed);
    executor.table(Table.FRAMES, frames);
    int[] pairs = pairs(config, seed);
    executor.index(pairs, pairs.length);
    for (int m = 0; m < models; m++) {
      executor.write(m, model.parameters(), model.networks().initial(seed + first + m));
    }
  }

  /** Standard-normal frames. */
  static FrameTable frames(Backend backend, BenchConfig config, long seed) {
    Random random = new Random(seed);
    float[] values = new float[config.frames() * config.inputs()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    FrameTable table = backend.table("frames", values.length);
    table.fill(0, values, values.length);
    return table;
  }

  /** Frame numbers of batches for all models: of each first those at t, then those one later. */
  public static int[] pairs(BenchConfig config, long seed) {
    Random random = new Random(seed + 1);
    int batch = config.batch();
    int batches = MOST_STEPS + OFFSETS - 1;
    int[] pairs = new int[2 * batch * batches];
    for (int step = 0; step < batches; step++) {
      for (int i = 0; i < batch; i++) {
        int frame = random.nextInt(config.frames() - 1);
        pairs[2 * step * batch + i] = frame;
        pairs[(2 * step + 1) * batch + i] = frame + 1;
      }
    }
    return pairs;
  }

  /** Control words of a launch of {@code steps} after {@code done} others. */
  public static Control.Words words(long seed, float rate, int done, int steps) {
    return new Control.Words()
        .seed(seed)
        .set(Control.STEP, done)
        .set(Control.STEPS, steps)
        .set(Control.ADAM_REPRESENTATION, done)
        .set(Control.ADAM_PRIOR, done)
        .set(Control.BETA, BETA)
        .set(Control.RATE_REPRESENTATION, rate)
        .set(Control.RATE_PRIOR, rate);
  }

  /**
   * Trains {@code steps} steps of every model, at most {@link #MOST_STEPS}, and waits for them.
   *
   * @return microseconds by the device's own clock, or empty where it has none
   */
  public OptionalDouble launch(int steps) {
    Control.Words[] words = new Control.Words[executor.models()];
    for (int m = 0; m < words.length; m++) {
      int number = first + m;
      words[m] =
          words(seed + number, rate, done, steps)
              .set(Control.INDEX_OFFSET, 2 * config.batch() * (number % OFFSETS));
    }
    done += steps;
    return executor.timedLaunch(words);
  }

  /** What runs a step. */
  public String form() {
    return executor.form();
  }

  public float[] losses(int m) {
    return executor.read(m, model.losses());
  }

  /** Of the last step. */
  public float[] gradients(int m) {
    return executor.read(m, model.gradients());
  }

  public float[] parameters(int m) {
    return executor.read(m, model.parameters());
  }

  @Override
  public void close() {
    executor.close();
    frames.close();
  }
}
