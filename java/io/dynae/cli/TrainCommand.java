// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.train.Member;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunLock;
import io.dynae.train.Starts;
import io.dynae.train.StopSignal;
import io.dynae.train.Trainer;
import io.dynae.train.TrainingData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code dynae train}: trains one model. */
final class TrainCommand extends Command {
  /** What a training has written before it begins. */
  static final String NOTHING_WRITTEN = "nothing was written";

  TrainCommand() {
    super("train", "CONFIG.ini", "trains one model");
  }

  @Override
  Options options() {
    Options options = dataOptions(BackendChoice.addTo(new Options()));
    options.addOption(Option.builder().longOpt("resume").desc("go on with the run in --out").get());
    options.addOption(value("out", "RUN", "directory of the run"));
    return options;
  }

  /** Adds the options that replace settings. */
  static Options dataOptions(Options options) {
    options.addOption(values("data", "X.npy", "trajectories, instead of input_data"));
    options.addOption(values("target", "Y.npy", "what to predict, instead of target_data"));
    options.addOption(values("set", "KEY=VALUE", "replaces a key of the configuration"));
    options.addOption(value("seed", "S", "the same as --set seed=S"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    StopSignal stop = Signals.training(NOTHING_WRITTEN);
    RunConfig config = RunConfig.read(Path.of(argument(line)), overrides(line));
    Path out = Path.of(required(line, "out"));
    BackendChoice.requireKnown(this, line);
    boolean resume = line.hasOption("resume");
    RunLock.requireNotHeld(out);
    RunDirectory.of(out, config, resume);
    try (TrainingData data = TrainingData.open(config);
        Backend backend = BackendChoice.open(this, line);
        RunLock lock = RunLock.take(out)) {
      RunDirectory directory = RunDirectory.of(lock.directory(), config, resume);
      return train(Member.of(config, directory, data), backend, stop);
    }
  }

  /** Settings that the command line replaces. */
  static List<String> overrides(CommandLine line) {
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
    overrides.addAll(settings(line));
    return overrides;
  }

  /** Values of --set. */
  static List<String> settings(CommandLine line) {
    return line.hasOption("set") ? Arrays.asList(line.getOptionValues("set")) : List.of();
  }

  /** Says what the models, of one kind, do not read or cannot do of what somebody asked for. */
  static void note(List<Member> members, ConsoleProgress progress) {
    TrainingNotes.of(members).forEach(progress::note);
  }

  /** Trains one model and returns the exit code. */
  static int train(Member untrained, Backend backend, StopSignal stop) {
    try (ConsoleProgress progress = new ConsoleProgress()) {
      note(List.of(untrained), progress);
      Member member =
          Starts.choose(backend, List.of(untrained), Integer.MAX_VALUE, progress, stop).get(0);
      return stop.requested() ? stopped(member, stop) : train(member, backend, stop, progress);
    }
  }

  private static int train(
      Member member, Backend backend, StopSignal stop, ConsoleProgress progress) {
    RunDirectory directory = member.directory();
    int epochs = member.config().maxEpochs();
    try (Trainer trainer = new Trainer(backend, List.of(member), progress, stop)) {
      stop.begin();
      member.begin();
      trainer.run();
      if (member.failure() != null) {
        Reports.writeLastResults(trainer, member, backend, progress::note)
            .ifPresent(progress::note);
        throw member.failure();
      }
      if (member.state().epoch == epochs) {
        Reports.writeResults(trainer, member, backend, progress::note);
        return 0;
      }
    }
    return stopped(member, stop);
  }

  private static int stopped(Member member, StopSignal stop) {
    System.err.printf(
        "stopped in epoch %d of %d, saved; go on with --resume%n",
        member.state().epoch, member.config().maxEpochs());
    return stop.exitCode();
  }
}
