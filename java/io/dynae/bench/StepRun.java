// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.model.DynAe;
import io.dynae.op.Control;
import io.dynae.op.Gather;
import java.util.Random;

/** One model's training on synthetic frames: standard normal, in random pairs of neighbours. */
final class StepRun implements AutoCloseable {
  /** Most steps of one launch. */
  static final int MOST_STEPS = 200;

  private static final int FRAMES = 20_000;
  private static final float BETA = 10;
  private static final float RATE = 1e-3f;

  private final DynAe model;
  private final Executor executor;
  private final FrameTable frames;
  private final long seed;
  private int done;

  /** Allocates, compiles, and puts the initial state of {@code seed} in place. */
  StepRun(BenchConfig config, Backend backend, long seed) {
    this.seed = seed;
    model = config.model(backend);
    executor = backend.executor(model.plan(), 1);
    frames = frames(backend, config, seed);
    executor.table(Gather.Table.FRAMES, frames);
    int[] pairs = pairs(config, seed);
    executor.index(pairs, pairs.length);
    executor.write(0, model.parameters(), model.networks().initial(seed));
  }

  /** Standard-normal frames. */
  static FrameTable frames(Backend backend, BenchConfig config, long seed) {
    Random random = new Random(seed);
    float[] values = new float[FRAMES * config.inputs()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    FrameTable table = backend.table("frames", values.length);
    table.fill(0, values, values.length);
    return table;
  }

  /** Frame numbers of {@link #MOST_STEPS} batches: first those at t, then those one later. */
  static int[] pairs(BenchConfig config, long seed) {
    Random random = new Random(seed + 1);
    int batch = config.batch();
    int[] pairs = new int[2 * batch * MOST_STEPS];
    for (int step = 0; step < MOST_STEPS; step++) {
      for (int i = 0; i < batch; i++) {
        int frame = random.nextInt(FRAMES - 1);
        pairs[2 * step * batch + i] = frame;
        pairs[(2 * step + 1) * batch + i] = frame + 1;
      }
    }
    return pairs;
  }

  /** Control words of a launch of {@code steps} after {@code done} others. */
  static Control.Words words(long seed, int done, int steps) {
    return new Control.Words()
        .seed(seed)
        .set(Control.STEP, done)
        .set(Control.STEPS, steps)
        .set(Control.ADAM_REPRESENTATION, done)
        .set(Control.ADAM_PRIOR, done)
        .set(Control.BETA, BETA)
        .set(Control.RATE_REPRESENTATION, RATE)
        .set(Control.RATE_PRIOR, RATE);
  }

  /** Trains {@code steps} steps, at most {@link #MOST_STEPS}, and waits for them. */
  void launch(int steps) {
    executor.launch(words(seed, done, steps));
    executor.finish();
    done += steps;
  }

  float[] losses() {
    return executor.read(0, model.losses());
  }

  float[] parameters() {
    return executor.read(0, model.parameters());
  }

  @Override
  public void close() {
    executor.close();
    frames.close();
  }
}
