// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.train.EpochLosses;
import io.dynae.train.LatentTrajectory;
import io.dynae.train.RunDirectory;
import io.dynae.train.StopSignal;
import io.dynae.train.TestLosses;
import io.dynae.train.Trainer;
import io.dynae.train.TrainingData;
import io.dynae.trajectory.NpyWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import sun.misc.Signal;

/** {@code dynae train}: trains one model. */
final class TrainCommand extends Command {
  private static final int INTERRUPTED = 130;
  private static final int STOPPED_EARLY = 75;

  TrainCommand() {
    super("train", "CONFIG.ini", "trains one model");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(values("data", "X.npy", "trajectories, instead of input_data"));
    options.addOption(values("target", "Y.npy", "what to predict, instead of target_data"));
    options.addOption(values("set", "KEY=VALUE", "replaces a key of the configuration"));
    options.addOption(value("seed", "S", "the same as --set seed=S"));
    options.addOption(Option.builder().longOpt("resume").desc("go on with the run in --out").get());
    options.addOption(value("out", "RUN", "directory of the run"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    StopSignal stop = new StopSignal(TrainCommand::exitUnwritten);
    Signal.handle(new Signal("INT"), s -> stop.request(INTERRUPTED));
    Signal.handle(new Signal("TERM"), s -> stop.request(STOPPED_EARLY));
    RunConfig config = RunConfig.read(Path.of(argument(line)), overrides(line));
    Path out = Path.of(required(line, "out"));
    BackendChoice.requireKnown(this, line);
    boolean exists = line.hasOption("resume") && Files.exists(out.resolve("config.ini"));
    RunDirectory directory = exists ? RunDirectory.open(out) : RunDirectory.vacant(out);
    Checkpoint saved = exists ? saved(directory, config) : null;
    try (TrainingData data = TrainingData.open(config);
        Backend backend = BackendChoice.open(this, line)) {
      return train(config, directory, saved, data, backend, stop);
    }
  }

  private static void exitUnwritten(int code) {
    System.err.println("stopped before training began; nothing was written");
    Runtime.getRuntime().halt(code);
  }

  private static List<String> overrides(CommandLine line) {
    List<String> overrides = new ArrayList<>();
    String[] data = line.getOptionValues("data");
    String[] target = line.getOptionValues("target");
    if (data != null) {
      overrides.add("input_data=" + RunConfig.pathList(Arrays.asList(data)));
    }
    if (target != null) {
      overrides.add("target_data=" + RunConfig.pathList(Arrays.asList(target)));
    }
    if (line.hasOption("seed")) {
      overrides.add("seed=" + line.getOptionValue("seed"));
    }
    if (line.hasOption("set")) {
      overrides.addAll(Arrays.asList(line.getOptionValues("set")));
    }
    return overrides;
  }

  /**
   * Trains into {@code directory}.
   *
   * @param saved where to go on, or null for the beginning
   * @return the exit code
   */
  static int train(
      RunConfig config,
      RunDirectory directory,
      Checkpoint saved,
      TrainingData data,
      Backend backend,
      StopSignal stop) {
    Checkpoint state = saved;
    if (state == null) {
      state = Checkpoint.initial(data.modelShape(), config.seed());
      state.standardizer = data.standardizer();
    }
    state.requireShape(data.modelShape(), directory.checkpoint());
    try (ConsoleProgress progress = new ConsoleProgress();
        Trainer trainer = new Trainer(config, backend, directory, data, state, progress, stop)) {
      stop.begin();
      directory.begin(config, state.epoch);
      trainer.run();
    }
    if (state.epoch < config.maxEpochs()) {
      System.err.printf(
          "stopped in epoch %d of %d, saved; go on with --resume%n",
          state.epoch, config.maxEpochs());
      return stop.exitCode();
    }
    writeResults(config, directory, data, backend, state);
    return 0;
  }

  /** The run's state, or null where it was stopped before it had one. */
  private static Checkpoint saved(RunDirectory directory, RunConfig config) {
    directory.requireSame(config);
    if (!Files.exists(directory.checkpoint())) {
      return null;
    }
    Checkpoint state = Checkpoint.read(directory.checkpoint());
    if (state.epoch > config.maxEpochs()) {
      throw new InputException(
          "%s: max_epochs >= epochs done does not hold: %d, %d; resume with more epochs"
              .formatted(directory.checkpoint(), config.maxEpochs(), state.epoch));
    }
    return state;
  }

  private static void writeResults(
      RunConfig config,
      RunDirectory directory,
      TrainingData data,
      Backend backend,
      Checkpoint state) {
    int bins = state.binCounts.length;
    NpyWriter.write(directory.binCenters(), state.binCenters, bins, state.shape.latent());
    if (config.saveTrajectoryResults()) {
      LatentTrajectory.write(backend, state, data.input(), directory.latent());
    }
    EpochLosses losses = TestLosses.measure(config, backend, data, state, testPairs(data));
    JsonObject summary = new JsonObject();
    summary.addProperty("backend", backend.name());
    summary.addProperty("device", backend.description());
    summary.addProperty("version", Main.version());
    summary.addProperty("seed", config.seed());
    summary.addProperty("epochs", state.epoch);
    summary.addProperty("steps", state.step);
    summary.addProperty("frames", data.input().count());
    JsonArray lengths = new JsonArray();
    Arrays.stream(data.input().lengths()).forEach(lengths::add);
    summary.add("trajectory_lengths", lengths);
    summary.addProperty("training_pairs", data.train().length);
    summary.addProperty("test_pairs", data.test().length);
    summary.addProperty("bins", bins);
    summary.add("test_losses", Reports.losses(losses));
    RunDirectory.writeJson(directory.summary(), summary);
  }

  /** The test pairs, or the training pairs where none were left out. */
  static int[] testPairs(TrainingData data) {
    return data.test().length > 0 ? data.test() : data.train();
  }
}
