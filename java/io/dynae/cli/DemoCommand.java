// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import io.dynae.model.Checkpoint;
import io.dynae.simulation.PhiloxNoise;
import io.dynae.simulation.Simulation;
import io.dynae.simulation.ThreeWell;
import io.dynae.train.Member;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunLock;
import io.dynae.train.StopSignal;
import io.dynae.train.TrainingData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * {@code dynae demo}: simulates the three-well system, trains on it, says how well it went, and
 * draws the report.
 */
final class DemoCommand extends Command {
  private static final int FRAMES = 200_000;
  private static final int EPOCHS = 20;

  DemoCommand() {
    super(
        "demo",
        "",
        "the two-minute tour: simulates three wells, trains, evaluates, draws the report");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(value("out", "DIR", "directory for everything (default dynae-demo)"));
    options.addOption(value("epochs", "N", "epochs to train (default 20)"));
    options.addOption(
        Option.builder().longOpt("resume").desc("go on with the demo in --out").get());
    return options;
  }

  @Override
  int run(CommandLine line) {
    noArguments(line);
    Path out = Path.of(line.getOptionValue("out", "dynae-demo"));
    boolean resume = line.hasOption("resume");
    long epochs = number(line, "epochs", resume ? DemoFiles.epochs(out, EPOCHS) : EPOCHS, 2);
    requireUsable(out, resume);
    StopSignal stop = Signals.training("go on with dynae demo --out %s --resume".formatted(out));
    try (Backend backend = BackendChoice.open(this, line);
        RunLock lock = RunLock.take(out)) {
      requireUsable(lock.directory(), resume);
      return run(out, epochs, resume, backend, stop);
    }
  }

  private static void requireUsable(Path out, boolean resume) {
    if (resume) {
      DemoFiles.requireOwn(out, FRAMES);
    } else {
      requireFree(out);
    }
  }

  private static void requireFree(Path out) {
    try {
      RunDirectory.requireFree(out);
    } catch (InputException e) {
      throw new InputException(
          ("demo: %s: holds files already; go on with an earlier demo with --resume, delete it, or"
                  + " give another --out")
              .formatted(out),
          e);
    }
  }

  private static Simulation.Output data(Path out, boolean resume) {
    Simulation.Output there = Simulation.files(out);
    if (resume && Files.exists(there.truth()) && Files.exists(there.observed())) {
      return there;
    }
    System.err.println("simulating " + FRAMES + " frames of the three-well system");
    return Simulation.run(new ThreeWell(), FRAMES, new PhiloxNoise(0), 0, out);
  }

  private static int run(Path out, long epochs, boolean resume, Backend backend, StopSignal stop) {
    Simulation.Output files = data(out, resume);
    RunConfig config =
        RunConfig.defaults(
            List.of(
                "input_data=" + RunConfig.pathList(List.of(files.observed().toString())),
                "max_epochs=" + epochs));
    AtomicFile.writeString(out.resolve("config.ini"), config.toIni());
    Path run = out.resolve("run");
    try (TrainingData data = TrainingData.open(config);
        RunLock lock = RunLock.take(run)) {
      RunDirectory directory = RunDirectory.of(lock.directory(), config, resume);
      int code = TrainCommand.train(Member.of(config, directory, data), backend, stop);
      if (code != 0) {
        System.err.printf("that is: dynae demo --out %s --resume%n", out);
        return code;
      }
      String[] truth = {files.truth().toString()};
      JsonObject json =
          EvaluateCommand.evaluate(RunDirectory.open(run), config, true, truth, backend);
      Path evaluation = out.resolve("evaluation.json");
      RunDirectory.writeJson(evaluation, json);
      System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
      System.out.printf(
          "%nThe latent explains %.2f%% of the variance of the true coordinates, which the training"
              + " never saw.%n",
          100 * (1 - json.get("fvu").getAsDouble()));
      System.out.println("data        " + files.observed() + ", truth " + files.truth());
      System.out.println("settings    " + out.resolve("config.ini"));
      System.out.println("results     " + run + " (latent.npy, metrics.jsonl, checkpoint)");
      System.out.println("evaluation  " + evaluation);
      report(RunDirectory.open(run), config, truth);
    }
    return 0;
  }

  /** A machine without fonts has done all the rest: it gets a line that says what is missing. */
  private static void report(RunDirectory run, RunConfig config, String[] truth) {
    try {
      Checkpoint model = Checkpoint.read(run.checkpoint());
      Latents latents = Latents.stored(run, config, model);
      System.out.println("report      " + ReportCommand.write(run, config, model, latents, truth));
    } catch (InputException e) {
      System.err.println("no report: " + e.getMessage());
    }
  }
}
