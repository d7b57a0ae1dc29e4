// SPDX-License-Identifier: MIT
package io.dynae.train;

import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.config.RunConfig;
import io.dynae.error.DivergedException;
import io.dynae.model.Checkpoint;
import io.dynae.model.DynAe;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import java.util.Arrays;

/**
 * Trains one DynAE (Alg. 1): epoch by epoch, launch by launch.
 *
 * <p>A step's random numbers depend on the seed and the step's number alone, so neither the length
 * of launches nor a stop in between changes any result.
 */
public final class Trainer implements AutoCloseable {
  private static final double LAUNCH_SECONDS = 0.2;
  private static final int FIRST_LAUNCH_STEPS = 16;

  private final RunConfig config;
  private final Schedule schedule;
  private final RunDirectory directory;
  private final TrainingData data;
  private final Checkpoint state;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final int batch;
  private final DynAe model;
  private final BatchTables tables;
  private final Executor executor;
  private final EpochBatches epochBatches;
  private final int mostSteps;
  private final int[] numbers;
  private int launchSteps = FIRST_LAUNCH_STEPS;
  private double stepsPerSecond;

  /**
   * Prepares: lays out the model, compiles, uploads.
   *
   * @param state where to begin; updated as training goes on
   */
  public Trainer(
      RunConfig config,
      Backend backend,
      RunDirectory directory,
      TrainingData data,
      Checkpoint state,
      TrainingListener listener,
      StopSignal stop) {
    this.config = config;
    this.schedule = new Schedule(config);
    this.directory = directory;
    this.data = data;
    this.state = state;
    this.listener = listener;
    this.stop = stop;
    batch = config.batchSize();
    model =
        new DynAe(
            state.shape,
            batch,
            config.projections(),
            data.target() != null,
            DynAe.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(batch));
    int widest = Math.max(state.shape.inputs(), state.shape.outputs());
    int fitting = BatchTables.stepsThatFit(batch, widest);
    tables = data.tables(backend, state.standardizer, 2 * batch * Math.min(fitting, DynAe.MOST_STEPS));
    mostSteps = tables.resident() ? DynAe.MOST_STEPS : Math.min(fitting, DynAe.MOST_STEPS);
    numbers = new int[2 * batch * mostSteps];
    executor = backend.executor(model.plan(), 1);
    tables.bind(executor);
    epochBatches = new EpochBatches(config, backend, data, tables, state.shape);
    if (!tables.resident()) {
      listener.note("frames do not fit " + backend.name() + " memory: read from the file as needed");
    }
  }

  /** Trains until the last epoch or until asked to stop; the state is saved either way. */
  public void run() {
    uploadWeights();
    while (state.epoch < config.maxEpochs() && !stop.requested()) {
      runEpoch();
    }
  }

  private void uploadWeights() {
    executor.write(0, model.parameters(), state.parameters);
    executor.write(0, model.firstMoment(), state.firstMoment);
    executor.write(0, model.secondMoment(), state.secondMoment);
    executor.write(0, model.average(), state.average);
  }

  private void runEpoch() {
    long entered = System.nanoTime();
    boolean fresh = state.stepInEpoch == 0;
    if (fresh) {
      beginEpoch();
    }
    int steps = state.batches.length / batch;
    long began = System.nanoTime();
    double binning = (began - entered) * 1e-9;
    int done = 0;
    while (state.stepInEpoch < steps && !stop.requested()) {
      int n = Math.min(Math.min(launchSteps, mostSteps), steps - state.stepInEpoch);
      launch(n);
      done += n;
      listener.progress(progress(steps), losses());
    }
    double seconds = (System.nanoTime() - began) * 1e-9;
    download();
    if (state.stepInEpoch < steps) {
      directory.save(state);
      return;
    }
    endEpoch(steps, done / Math.max(1e-9, seconds), binning);
  }

  private void beginEpoch() {
    if (state.epoch == 1) {
      // From here on encoder and decoder have an optimiser of their own configuration.
      state.adamRepresentation = 0;
      Arrays.fill(state.firstMoment, 0, model.networks().priorStart(), 0);
      Arrays.fill(state.secondMoment, 0, model.networks().priorStart(), 0);
      uploadWeights();
    }
    epochBatches.begin(state);
    Arrays.fill(state.lossSums, 0);
  }

  private void launch(int n) {
    for (int s = 0; s < n; s++) {
      int from = (state.stepInEpoch + s) * batch;
      for (int i = 0; i < batch; i++) {
        int frame = data.train()[state.batches[from + i]];
        numbers[2 * s * batch + i] = frame;
        numbers[(2 * s + 1) * batch + i] = frame + config.lag();
      }
    }
    long began = System.nanoTime();
    tables.load(executor, numbers, 2 * n * batch);
    executor.launch(
        new Control.Words()
            .seed(config.seed())
            .set(Control.STEP, state.step)
            .set(Control.STEPS, n)
            .set(Control.ADAM_REPRESENTATION, state.adamRepresentation)
            .set(Control.ADAM_PRIOR, state.adamPrior)
            .set(Control.RATE_REPRESENTATION, (float) schedule.rate(state.epoch))
            .set(Control.RATE_PRIOR, (float) schedule.priorRate())
            .set(Control.AVERAGE_KEEP, (float) schedule.averageKeep(state.epoch))
            .set(Control.BETA, (float) schedule.beta(state.epoch)));
    float[] rows = executor.read(0, model.losses());
    double seconds = (System.nanoTime() - began) * 1e-9;
    stepsPerSecond = n / seconds;
    launchSteps = (int) Math.max(1, Math.min(DynAe.MOST_STEPS, LAUNCH_SECONDS * stepsPerSecond));
    for (int s = 0; s < n; s++) {
      addLosses(rows, s);
    }
    state.step += n;
    state.stepInEpoch += n;
    state.adamRepresentation += n;
    state.adamPrior += n;
  }

  private void addLosses(float[] rows, int s) {
    for (int k = 0; k < state.lossSums.length; k++) {
      float loss = rows[s * Losses.WIDTH + k];
      if (!Float.isFinite(loss)) {
        String[] names = {"reconstruction", "regularization", "prior"};
        throw new DivergedException(
            ("epoch %d, step %d: %s loss is finite does not hold: %s; lower learning_rate (%s) or"
                    + " beta (%s); last good checkpoint: %s")
                .formatted(
                    state.epoch,
                    state.stepInEpoch + s,
                    names[k],
                    loss,
                    config.learningRate(),
                    config.beta(),
                    state.epoch == 0 ? "none yet" : directory.checkpoint()));
      }
      state.lossSums[k] += loss;
    }
  }

  private void download() {
    state.parameters = executor.read(0, model.parameters());
    state.firstMoment = executor.read(0, model.firstMoment());
    state.secondMoment = executor.read(0, model.secondMoment());
    state.average = executor.read(0, model.average());
  }

  private void endEpoch(int steps, double speed, double binning) {
    EpochLosses losses = losses();
    JsonObject line = new JsonObject();
    line.addProperty("epoch", state.epoch);
    line.addProperty("steps", steps);
    line.addProperty("steps_per_second", Math.round(speed * 10) / 10.0);
    line.addProperty("binning_seconds", Math.round(binning * 1e4) / 1e4);
    line.addProperty("learning_rate", schedule.rate(state.epoch));
    line.addProperty("beta", schedule.beta(state.epoch));
    line.addProperty("loss", losses.representation());
    line.addProperty("reconstruction", losses.reconstruction());
    line.addProperty("regularization", losses.regularization());
    line.addProperty("prior", losses.prior());
    line.addProperty("bins", state.epoch == 0 ? 0 : state.binCounts.length);
    directory.appendMetrics(line);
    TrainingListener.Progress progress = progress(steps);
    state.epoch++;
    state.stepInEpoch = 0;
    state.batches = new int[0];
    directory.save(state);
    listener.epochDone(progress, losses);
  }

  private EpochLosses losses() {
    return EpochLosses.mean(state.lossSums, state.stepInEpoch, schedule.beta(state.epoch));
  }

  private TrainingListener.Progress progress(int steps) {
    int bins = state.epoch == 0 ? 0 : state.binCounts.length;
    return new TrainingListener.Progress(
        state.epoch, config.maxEpochs(), state.stepInEpoch, steps, bins, stepsPerSecond);
  }

  @Override
  public void close() {
    epochBatches.close();
    executor.close();
    tables.close();
  }
}
