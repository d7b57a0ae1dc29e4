// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.config.SweepConfig;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunLock;
import io.dynae.train.StopSignal;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code dynae sweep}: trains every combination of the values that a configuration lists. */
final class SweepCommand extends Command {
  SweepCommand() {
    super(
        "sweep",
        "CONFIG.ini",
        "trains every combination of the configuration's list values, many at once");
  }

  @Override
  Options options() {
    Options options = TrainCommand.dataOptions(BackendChoice.addTo(new Options()));
    options.addOption(values("truth", "T.npy", "true latents, one file a trajectory, to compare"));
    options.addOption(value("models", "K", "most models at once; as many as fit by default"));
    options.addOption(
        Option.builder().longOpt("resume").desc("go on with the sweep in --out").get());
    options.addOption(value("out", "DIR", "directory of the sweep, a run in it for each model"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    StopSignal stop = Signals.training(TrainCommand.NOTHING_WRITTEN);
    Path file = Path.of(argument(line));
    SweepConfig config = SweepConfig.read(file, TrainCommand.overrides(line));
    Path out = Path.of(required(line, "out"));
    BackendChoice.requireKnown(this, line);
    int most = (int) Math.min(Integer.MAX_VALUE, number(line, "models", Integer.MAX_VALUE, 1));
    boolean resume = line.hasOption("resume");
    if (!resume) {
      RunDirectory.requireFree(out);
    }
    long began = System.nanoTime();
    try (SweepRun sweep = new SweepRun(config, out, resume, line.getOptionValues("truth"));
        Backend backend = BackendChoice.open(this, line);
        RunLock lock = RunLock.take(out)) {
      if (!resume) {
        lock.requireFree();
      }
      sweep.train(backend, most, stop);
      double seconds = (System.nanoTime() - began) * 1e-9;
      JsonObject about = new JsonObject();
      about.addProperty("config", file.toString());
      about.addProperty("backend", backend.name());
      about.addProperty("device", backend.description());
      about.addProperty("version", Main.version());
      about.addProperty("seconds", Math.round(seconds * 1e3) / 1e3);
      about.addProperty("steps", sweep.steps());
      sweep.table().write(out, about);
      System.out.print(sweep.table().text());
      System.err.printf(
          "%d models, %d steps, %.1f s; table: %s and sweep.csv%n",
          config.models().size(), sweep.steps(), seconds, out.resolve("sweep.json"));
      sweep.tellRest(stop);
      return sweep.exitCode(stop);
    }
  }
}
