// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.config.RunConfig;
import io.dynae.error.DivergedException;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import io.dynae.random.Permutation;
import io.dynae.random.Stream;

/**
 * Losses of a trained model on pairs that it need not have seen: random batches, mean over them.
 *
 * <p>Runs the training step with learning rates of zero, so what is measured is what is trained.
 */
public final class TestLosses implements AutoCloseable {
  private final Model model;
  private final BatchTables tables;
  private final Executor executor;
  private final int batch;
  private final int most;
  private final int frames;

  /**
   * Prepares for models of one shape on the same frames.
   *
   * @param batch pairs of a batch, from 1
   */
  TestLosses(
      Backend backend,
      ModelShape shape,
      boolean targets,
      int projections,
      int batch,
      BatchTables tables) {
    this.tables = tables;
    this.batch = batch;
    model =
        Model.of(
            shape,
            batch,
            projections,
            targets,
            Model.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(batch));
    frames = shape.kind().frames();
    most = Math.min(tables.stepsOf(frames * batch), Model.MOST_STEPS);
    executor = backend.executor(model.plan(), 1);
    tables.bind(executor);
  }

  /**
   * Measures one model on its own.
   *
   * @param pairs first frames of the pairs; what does not fill a batch is left out
   * @throws DivergedException when a loss is not finite
   */
  public static EpochLosses measure(
      RunConfig config, Backend backend, TrainingData data, Checkpoint state, int[] pairs) {
    int batch = batch(config, pairs);
    int rows = state.shape.kind().frames() * batch;
    try (BatchTables tables = data.tables(backend, state.standardizer, rows);
        TestLosses losses =
            new TestLosses(
                backend, state.shape, data.target() != null, config.projections(), batch, tables)) {
      return losses.measure(config, state, pairs);
    }
  }

  /** Pairs of a batch: the training's, or all where there are fewer. */
  static int batch(RunConfig config, int[] pairs) {
    if (pairs.length == 0) {
      throw new InputException("pairs >= 1 does not hold: 0; give more frames than the lag");
    }
    return Math.min(config.batchSize(), pairs.length);
  }

  int batch() {
    return batch;
  }

  /** The same for one of several models, {@link #batch} pairs a batch. */
  EpochLosses measure(RunConfig config, Checkpoint state, int[] pairs) {
    int batches = pairs.length / batch;
    Permutation order = new Permutation(config.seed(), Stream.BATCH_ORDER, -1, 0, 0, pairs.length);
    double[] sums = new double[3];
    executor.write(0, model.parameters(), state.average);
    // Steps at rate 0 gather moments all the same, and 0 times what is not finite is no number.
    executor.write(0, model.firstMoment(), new float[state.average.length]);
    executor.write(0, model.secondMoment(), new float[state.average.length]);
    for (int done = 0; done < batches; done += most) {
      int n = Math.min(most, batches - done);
      int[] numbers = new int[frames * n * batch];
      for (int s = 0; s < n; s++) {
        for (int i = 0; i < batch; i++) {
          int frame = pairs[order.at((done + s) * batch + i)];
          int at = frames * s * batch + i;
          numbers[at] = frame;
          if (frames == 2) {
            numbers[at + batch] = frame + config.lag();
          }
        }
      }
      tables.load(executor, numbers, numbers.length);
      executor.launch(
          new Control.Words()
              .seed(config.seed())
              .set(Control.STEP, done)
              .set(Control.STEPS, n)
              .set(Control.NU, (float) config.nu())
              .set(Control.BETA, (float) config.beta()));
      float[] losses = executor.read(0, model.losses());
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < sums.length; k++) {
          sums[k] += losses[i * Losses.WIDTH + k];
        }
      }
    }
    EpochLosses mean = EpochLosses.mean(model.shape().kind(), sums, batches, config.beta());
    if (!mean.isFinite()) {
      throw new DivergedException(
          ("after epoch %d, step %d: loss on %d test pairs is finite does not hold: %s;"
                  + " lower learning_rate (%s), or give data of the training data's scale")
              .formatted(state.epoch, state.step, pairs.length, mean, config.learningRate()));
    }
    return mean;
  }

  @Override
  public void close() {
    executor.close();
  }
}
