// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.bins.EpochSampler;
import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.TensorCores;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.LatentEncoder;
import io.dynae.model.Model;
import io.dynae.op.Control;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains the models of one {@link ModelGroup} side by side (Alg. 1): epoch by epoch, launch by
 * launch.
 *
 * <p>A step's random numbers depend on the model's seed and the step's number alone, so neither the
 * length of launches, nor a stop in between, nor the other models change any result. A model that
 * fails stops alone; {@link Member#failure} tells why.
 */
public final class Trainer implements AutoCloseable {
  private static final double LAUNCH_SECONDS = 0.2;

  /** Nobody knows yet what a step takes, and a stop waits for the launch in flight. */
  private static final int FIRST_LAUNCH_STEPS = 1;

  private final Backend backend;
  private final List<Member> members;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final RunConfig config;
  private final TrainingData data;
  private final int batch;
  private final Model model;
  private final BatchTables tables;
  private final Executor executor;
  private final LatentEncoder encoder;
  private final EpochBatches epochBatches;
  private final int mostSteps;
  private final StepRate rate = new StepRate(FIRST_LAUNCH_STEPS);
  private TestLosses testLosses;
  private int launchSteps = FIRST_LAUNCH_STEPS;

  /**
   * Prepares: lays out the model, compiles, uploads.
   *
   * @param members of one group, at least one
   */
  public Trainer(
      Backend backend, List<Member> members, TrainingListener listener, StopSignal stop) {
    this.backend = backend;
    this.members = List.copyOf(members);
    this.listener = listener;
    this.stop = stop;
    config = members.get(0).config;
    data = members.get(0).data;
    batch = config.batchSize();
    model = model(config, data, backend);
    int frames = data.modelShape().kind().frames();
    int together = Math.multiplyExact(frames * batch, members.size());
    tables = data.tables(backend, members.get(0).state.standardizer, together);
    mostSteps = Math.min(Model.MOST_STEPS, tables.stepsOf(together));
    backend.tensorCores(TensorCores.of(config.tensorCores()));
    executor = backend.executor(model.plan(), members.size());
    tables.bind(executor);
    encoder = new LatentEncoder(backend, data.modelShape());
    tables.bind(encoder);
    epochBatches = new EpochBatches(backend, this.members, tables, mostSteps, listener::note);
    if (!tables.resident()) {
      listener.note(
          "frames do not fit " + backend.name() + " memory: read from the file as needed");
    }
  }

  private static Model model(RunConfig config, TrainingData data, Backend backend) {
    return Model.of(
        data.modelShape(),
        config.batchSize(),
        config.projections(),
        data.target() != null,
        Model.Draws.FRESH,
        backend.shape(),
        backend.rowsPerBlock(config.batchSize()));
  }

  /** Most models of a configuration's group that should train side by side on a backend. */
  public static int together(RunConfig config, TrainingData data, Backend backend) {
    int batch = config.batchSize();
    int bins = EpochBatches.mostBins(config);
    int pairs = data.train().length;
    long epochBytes = EpochSampler.bytes(backend, data.modelShape(), batch, bins, pairs);
    return Math.min(
        EpochSampler.mostModels(data.modelShape().kind(), batch, bins, pairs),
        backend.together(model(config, data, backend).plan(), epochBytes));
  }

  /** Trains until the last epoch or until asked to stop; the states are saved either way. */
  public void run() {
    stop.keeping(() -> members.forEach(Member::keepLast));
    each(this::uploadWeights);
    while (members.stream().anyMatch(Member::training) && !stop.requested()) {
      runEpoch();
    }
    if (stop.requested()) {
      // One that has not run a step goes on from its beginning.
      stop.saving(() -> members.forEach(Member::keepLast));
    } else {
      members.stream()
          .filter(member -> member.mostBins() == 1 && member.beganHere())
          .forEach(this::noteOneBin);
    }
  }

  private void noteOneBin(Member member) {
    listener.note(
        ("%s: all epochs had one bin, so min_dist (%s) did nothing; more epochs or a smaller one make"
                + " more bins")
            .formatted(member.directory.path(), member.config.minDist()));
  }

  /** Lets each model that still trains do something; one that fails is left out from then on. */
  private void each(Consumer<Member> work) {
    for (Member member : members) {
      if (member.training()) {
        member.attempt(() -> work.accept(member));
      }
    }
  }

  private void uploadWeights(Member member) {
    int slot = members.indexOf(member);
    Checkpoint state = member.state;
    executor.write(slot, model.parameters(), state.parameters);
    executor.write(slot, model.firstMoment(), state.firstMoment);
    executor.write(slot, model.secondMoment(), state.secondMoment);
    executor.write(slot, model.average(), state.average);
  }

  private void runEpoch() {
    beginEpoch();
    rate.epochBegins();
    boolean save = false;
    while (stepsLeft() > 0 && !stop.requested()) {
      launch(Math.min(launchSteps, mostSteps));
      save = stop.takeSave();
      if (save && stepsLeft() > 0) {
        saveInEpoch();
      }
    }
    TrainingListener.Progress progress = progress();
    EpochLosses losses = members.get(0).losses();
    Weights weights = weights();
    List<Member> trained = members.stream().filter(Member::training).toList();
    boolean now = save || stop.requested();
    if (now) {
      stop.saving(() -> each(member -> endEpoch(member, weights, true)));
    } else {
      each(member -> endEpoch(member, weights, false));
    }
    if (save && trained.stream().anyMatch(member -> member.failure() == null)) {
      noteSaved(progress);
    }
    if (stepsLeft() == 0 && trained.stream().anyMatch(member -> member.failure() == null)) {
      listener.epochDone(progress, losses);
    }
  }

  /** Saves what would be saved if the training stopped here, and lets it go on. */
  private void saveInEpoch() {
    Weights weights = weights();
    stop.saving(
        () ->
            each(
                member -> {
                  take(member, weights);
                  member.state.batches = epochBatches.firsts(members.indexOf(member));
                  member.keep(true, members.size());
                }));
    noteSaved(progress());
  }

  private void noteSaved(TrainingListener.Progress at) {
    listener.note("saved in epoch %d of %d; goes on".formatted(at.epoch() + 1, at.epochs()));
  }

  private void beginEpoch() {
    long began = System.nanoTime();
    each(this::resetCounters);
    epochBatches.begin();
    double seconds = (System.nanoTime() - began) * 1e-9;
    double share = seconds / Math.max(1, members.stream().filter(Member::training).count());
    each(member -> member.binned(share));
  }

  private void resetCounters(Member member) {
    Checkpoint state = member.state;
    if (state.stepInEpoch > 0) {
      return;
    }
    if (member.kind().binned() && state.epoch == member.schedule.firstBinned()) {
      // From here on encoder and decoder have an optimiser of their own configuration.
      state.forgetMoments(model.networks().priorStart());
      uploadWeights(member);
    }
    state.lossSums = new double[state.lossSums.length];
  }

  private int stepsLeft() {
    return members.stream().mapToInt(Member::stepsLeft).max().orElse(0);
  }

  /** Runs up to {@code most} steps of every model that has some left in its epoch. */
  private void launch(int most) {
    int[] steps = members.stream().mapToInt(m -> Math.min(most, m.stepsLeft())).toArray();
    long began = System.nanoTime();
    Control.Words[] words = epochBatches.load(executor, steps);
    executor.launch(words);
    executor.finish();
    long nanos = System.nanoTime() - began;
    float[][] losses = executor.readAll(model.losses());
    int all = 0;
    for (int slot = 0; slot < steps.length; slot++) {
      int n = steps[slot];
      if (n > 0) {
        Member member = members.get(slot);
        float[] rows = losses[slot];
        member.attempt(() -> member.ran(n, rows));
        all += n;
      }
    }
    double longest = all / (double) members.size();
    double seconds = nanos * 1e-9;
    launchSteps = (int) Math.max(1, Math.min(Model.MOST_STEPS, LAUNCH_SECONDS * longest / seconds));
    stop.launchTakes(nanos);
    rate.launched(all, seconds);
    if (rate.known()) {
      listener.progress(progress(), members.get(0).losses());
    }
  }

  /** Weights and moments of all models. */
  private record Weights(
      float[][] parameters, float[][] firstMoment, float[][] secondMoment, float[][] average) {}

  private Weights weights() {
    return new Weights(
        executor.readAll(model.parameters()),
        executor.readAll(model.firstMoment()),
        executor.readAll(model.secondMoment()),
        executor.readAll(model.average()));
  }

  private void endEpoch(Member member, Weights weights, boolean now) {
    tables.requireUnchanged();
    take(member, weights);
    boolean finished = member.stepsLeft() == 0;
    if (finished) {
      member.endEpoch(rate);
      Checkpoint state = member.state;
      if (member.config.saveTrainingProgress() && state.epoch % member.config.logInterval() == 0) {
        encoder.parameters(state.average);
        writeLatents(state, member.directory.progress(state.epoch));
      }
    }
    if (!finished) {
      member.state.batches = epochBatches.firsts(members.indexOf(member));
    }
    member.keep(now || !finished || !member.training(), members.size());
  }

  /** Takes the weights over once they are known to be good, as what is saved must be. */
  private void take(Member member, Weights weights) {
    int slot = members.indexOf(member);
    Checkpoint state = member.state;
    float[] parameters = weights.parameters()[slot];
    float[] firstMoment = weights.firstMoment()[slot];
    float[] secondMoment = weights.secondMoment()[slot];
    float[] average = weights.average()[slot];
    Divergence divergence = member.divergence;
    divergence.requireFinite(state, "weights are finite", parameters);
    divergence.requireFinite(state, "Adam's mean gradients are finite", firstMoment);
    divergence.requireFinite(state, "Adam's mean squared gradients are finite", secondMoment);
    state.parameters = parameters;
    state.firstMoment = firstMoment;
    state.secondMoment = secondMoment;
    state.average = average;
  }

  private TrainingListener.Progress progress() {
    Member last = members.get(0);
    double shares = 0;
    double stepsLeft = 0;
    for (Member member : members) {
      shares += member.share();
      stepsLeft += member.training() ? (member.epochs * (1 - member.share())) * member.steps() : 0;
      last = member.training() && member.share() < last.share() ? member : last;
    }
    return new TrainingListener.Progress(
        members.size(),
        last.state.epoch,
        last.epochs,
        last.state.stepInEpoch,
        last.steps(),
        last.bins(),
        rate.ofLaunch(),
        shares / members.size(),
        stepsLeft / rate.ofLaunch());
  }

  /**
   * Writes a trained model's bin centres, if it has bins, and latents, if its settings want them.
   *
   * @param member one that {@link Member#hasResults() has results}
   * @throws InputException for data that changed since the training began
   */
  public void writeResults(Member member) {
    Checkpoint state = member.state;
    tables.requireUnchanged();
    state.requireData(member.data.fingerprint(), member.directory.checkpoint());
    member.directory.dropReportBefore(state);
    if (state.binCounts.length > 0) {
      int bins = state.binCounts.length;
      NpyWriter.write(member.directory.binCenters(), state.binCenters, bins, state.shape.latent());
    }
    if (member.config.saveTrajectoryResults()) {
      writeLatents(state, member.directory.latent());
    }
  }

  private void writeLatents(Checkpoint state, Path file) {
    encoder.parameters(state.average);
    LatentTrajectory.write(encoder, tables, data.input().count(), state.shape.latent(), file);
  }

  /** Latents of all frames by a trained model, [frames][d]. */
  public float[] latents(Member member) {
    encoder.parameters(member.state.average);
    int count = (int) data.input().count();
    return LatentTrajectory.encode(encoder, tables, count, member.state.shape.latent());
  }

  /** Losses of a trained model on the pairs that its data measure on. */
  public EpochLosses testLosses(Member member) {
    return losses(member, member.data.measured());
  }

  /** Losses of a trained model on as many of its training pairs, evenly spaced. */
  public EpochLosses trainingLosses(Member member) {
    int[] train = member.data.train();
    int[] some = new int[Math.min(train.length, member.data.measured().length)];
    Arrays.setAll(some, i -> train[(int) ((long) i * train.length / some.length)]);
    return losses(member, some);
  }

  private EpochLosses losses(Member member, int[] pairs) {
    int size = TestLosses.batch(member.config, pairs);
    if (testLosses != null && testLosses.batch() != size) {
      testLosses.close();
      testLosses = null;
    }
    if (testLosses == null) {
      testLosses =
          new TestLosses(
              backend,
              member.state.shape,
              data.target() != null,
              config.projections(),
              size,
              tables);
    }
    return testLosses.measure(member.config, member.state, pairs);
  }

  @Override
  public void close() {
    if (testLosses != null) {
      testLosses.close();
    }
    epochBatches.close();
    encoder.close();
    executor.close();
    tables.close();
  }
}
