// SPDX-License-Identifier: MIT
package io.dynae.train;

import com.google.gson.JsonObject;
import io.dynae.config.RunConfig;
import io.dynae.error.DynaeException;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.ModelKind;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import java.nio.file.Files;

/**
 * One model in training: its settings, files, data and state. Models that train together share
 * nothing but the kernel that runs their steps, so each ends as it would alone.
 */
public final class Member {
  private static final String[] LOSS_NAMES = {"reconstruction", "regularization", "prior"};

  /** Between two saves passes so many times what they take: 3% of the time goes into them. */
  private static final long SAVE_PERIOD = 30;

  final RunConfig config;
  final RunDirectory directory;
  final TrainingData data;
  final Schedule schedule;
  final Divergence divergence;

  /** Where the training stands; once it has failed, the last state that was good, if any was. */
  Checkpoint state;

  /** Epochs to train, in all. */
  final int epochs;

  private DynaeException failure;
  private Checkpoint good;
  private Checkpoint untrained;
  private Checkpoint unsaved;
  private long lastSave = System.nanoTime();
  private long saveNanos;
  private int steps;
  private int stepsRun;
  private double binningSeconds;
  private final boolean beganHere;
  private boolean binsKept;
  private boolean binsKeptBefore;
  private int mostBins;

  /**
   * A model that goes on where its directory's checkpoint stands, or begins where there is none.
   *
   * @throws InputException for a checkpoint that is of another model or of other data, or has more
   *     epochs done than the configuration asks for
   */
  public static Member of(RunConfig config, RunDirectory directory, TrainingData data) {
    if (!Files.exists(directory.checkpoint())) {
      directory.requireCheckpointOfResults();
      Checkpoint initial = Checkpoint.initial(data.modelShape(), config.seed());
      initial.standardizer = data.standardizer();
      initial.data = data.fingerprint();
      return new Member(config, directory, data, initial, config.maxEpochs());
    }
    Checkpoint saved = Checkpoint.read(directory.checkpoint());
    if (saved.epoch > config.maxEpochs()) {
      throw new InputException(
          "%s: max_epochs >= epochs done does not hold: %d, %d; resume with more epochs"
              .formatted(directory.checkpoint(), config.maxEpochs(), saved.epoch));
    }
    saved.requireShape(data.modelShape(), directory.checkpoint());
    saved.requireSameBytes(data.input());
    saved.requireData(data.fingerprint(), directory.checkpoint());
    SavedBatches.require(saved, config, data, directory.checkpoint());
    return new Member(config, directory, data, saved, config.maxEpochs());
  }

  /**
   * One of several beginnings of a model that was not trained yet: a run of its own, which ends
   * after {@code epochs}, or goes on where its checkpoint stands.
   *
   * @param start number of its initial weights, from 0
   */
  static Member trial(Member member, int start, int epochs) {
    RunDirectory directory = member.directory.start(start);
    RunConfig config = member.config;
    Checkpoint state;
    if (Files.exists(directory.checkpoint())) {
      state = Checkpoint.read(directory.checkpoint());
      state.requireShape(member.state.shape, directory.checkpoint());
      state.requireData(member.state.data, directory.checkpoint());
      SavedBatches.require(state, config, member.data, directory.checkpoint());
    } else {
      state = Checkpoint.initial(member.state.shape, config.seed(), start);
      state.standardizer = member.state.standardizer;
      state.data = member.state.data;
    }
    return new Member(config, directory, member.data, state, epochs);
  }

  private Member(
      RunConfig config, RunDirectory directory, TrainingData data, Checkpoint state, int epochs) {
    this.config = config;
    this.epochs = epochs;
    this.directory = directory;
    this.data = data;
    this.state = state;
    good = state.step > 0 ? state.snapshot() : null;
    untrained = state.snapshot();
    beganHere = state.step == 0;
    schedule = new Schedule(config);
    divergence =
        new Divergence(config, directory.checkpoint(), this::save, state.step, data::largest);
  }

  /**
   * Makes the directory that of this training, before its first step; counters that a killed
   * process left behind its checkpoint are brought up to date.
   */
  public void begin() {
    directory.begin(config, state.epoch);
    if (Files.exists(directory.checkpoint())) {
      directory.writeCounters(state);
    }
  }

  public RunConfig config() {
    return config;
  }

  public RunDirectory directory() {
    return directory;
  }

  public TrainingData data() {
    return data;
  }

  public Checkpoint state() {
    return state;
  }

  ModelKind kind() {
    return state.shape.kind();
  }

  /** What ended this model's training before its time, or null. */
  public DynaeException failure() {
    return failure;
  }

  /** Whether the running epoch's batches come from bins. */
  boolean binned() {
    return kind().binned() && state.epoch >= schedule.firstBinned();
  }

  /** Whether it has epochs to go. */
  boolean training() {
    return failure == null && state.epoch < epochs;
  }

  /**
   * Does something for this model. Its failure ends the model's training; the last good state is
   * kept on disk.
   */
  void attempt(Runnable work) {
    try {
      work.run();
    } catch (DynaeException e) {
      failure = e;
      save();
      state = good == null ? state : good;
    }
  }

  /** Whether there are results to write: it was trained for an epoch, if not to the end. */
  public boolean hasResults() {
    return failure == null ? state.epoch == epochs : good != null && good.epoch > 0;
  }

  /** Steps of the running epoch. */
  int steps() {
    return steps;
  }

  int stepsLeft() {
    return training() ? steps - state.stepInEpoch : 0;
  }

  /**
   * The epoch that begins has the bins of the one before.
   *
   * @return whether it is the first such epoch here
   */
  boolean keptBins() {
    boolean first = !binsKeptBefore;
    binsKept = true;
    binsKeptBefore = true;
    return first;
  }

  /** An epoch begins, or goes on after a stop, with {@code batches} batches drawn. */
  void entered(int batches) {
    steps = batches;
    stepsRun = 0;
  }

  /** Notes what its share of the start of the epoch took. */
  void binned(double seconds) {
    binningSeconds = seconds;
  }

  /** Control words of the next {@code n} steps, whose frame numbers begin at {@code offset}. */
  Control.Words words(int n, int offset) {
    return new Control.Words()
        .seed(config.seed())
        .set(Control.STEP, state.step)
        .set(Control.STEPS, n)
        .set(Control.INDEX_OFFSET, offset)
        .set(Control.ADAM_REPRESENTATION, state.adamRepresentation)
        .set(Control.ADAM_PRIOR, state.adamPrior)
        .set(Control.RATE_REPRESENTATION, (float) schedule.rate(state.epoch))
        .set(Control.RATE_PRIOR, (float) schedule.priorRate())
        .set(Control.AVERAGE_KEEP, (float) schedule.averageKeep(state.epoch))
        .set(Control.NU, (float) config.nu())
        .set(Control.BETA, (float) schedule.beta(state.epoch));
  }

  /** Counts {@code n} steps that ran, with their rows of losses. */
  void ran(int n, float[] rows) {
    for (int s = 0; s < n; s++) {
      for (int k = 0; k < state.lossSums.length; k++) {
        float loss = rows[s * Losses.WIDTH + k];
        if (!Float.isFinite(loss)) {
          throw divergence.at(
              state,
              state.stepInEpoch + s,
              LOSS_NAMES[k] + " loss is finite does not hold: " + loss);
        }
        state.lossSums[k] += loss;
      }
    }
    state.step += n;
    state.stepInEpoch += n;
    state.adamRepresentation += n;
    state.adamPrior += n;
    stepsRun += n;
  }

  /** Share of the whole training done, 0 to 1, epochs taken as equally long. */
  double share() {
    double inEpoch = (double) state.stepInEpoch / Math.max(1, steps());
    return (state.epoch + inEpoch) / epochs;
  }

  /** Mean losses of the running epoch so far. */
  EpochLosses losses() {
    double beta = schedule.beta(state.epoch);
    return EpochLosses.mean(kind(), state.lossSums, state.stepInEpoch, beta);
  }

  /** Closes a finished epoch: its line of metrics, then the counters of the next one. */
  void endEpoch(StepRate rate) {
    EpochLosses losses = losses();
    JsonObject line = new JsonObject();
    line.addProperty("epoch", state.epoch);
    line.addProperty("steps", steps());
    line.addProperty("steps_per_second", Math.round(rate.ofEpoch(stepsRun) * 10) / 10.0);
    if (kind().binned()) {
      line.addProperty("binning_seconds", Math.round(binningSeconds * 1e4) / 1e4);
    }
    line.addProperty("learning_rate", schedule.rate(state.epoch));
    line.addProperty("beta", schedule.beta(state.epoch));
    line.addProperty("loss", losses.representation());
    line.addProperty("reconstruction", losses.reconstruction());
    line.addProperty("regularization", losses.regularization());
    losses.prior().ifPresent(prior -> line.addProperty("prior", prior));
    if (kind().binned()) {
      line.addProperty("bins", bins());
      mostBins = Math.max(mostBins, bins());
      if (binsKept) {
        line.addProperty("bins_kept", true);
      }
    }
    binsKept = false;
    line.addProperty("weights", "last");
    directory.appendMetrics(line);
    state.epoch++;
    state.stepInEpoch = 0;
    state.batches = new int[0];
    steps = 0;
  }

  /** Bins of the epoch that ended here and had most, 0 where none had any. */
  int mostBins() {
    return mostBins;
  }

  /** Whether all its epochs were trained by this process. */
  boolean beganHere() {
    return beganHere;
  }

  int bins() {
    return binned() ? state.binCounts.length : 0;
  }

  /**
   * Keeps the state. Where epochs are short not each is written: a run that goes on from an earlier
   * one ends the same.
   *
   * @param now write in any case
   * @param models that train together and take turns to write
   */
  synchronized void keep(boolean now, int models) {
    unsaved = state.snapshot();
    good = unsaved;
    untrained = null;
    if (now || System.nanoTime() - lastSave > SAVE_PERIOD * models * saveNanos) {
      save();
    }
  }

  /** Keeps the last good state that is not on disk; may be called from any thread. */
  synchronized void keepLast() {
    if (failure == null && untrained != null && !Files.exists(directory.checkpoint())) {
      unsaved = untrained;
    }
    save();
  }

  private synchronized void save() {
    if (unsaved != null) {
      long began = System.nanoTime();
      directory.save(unsaved);
      unsaved = null;
      lastSave = System.nanoTime();
      saveNanos = lastSave - began;
    }
  }
}
