// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.train.LatentTrajectory;
import io.dynae.train.RunDirectory;
import io.dynae.train.TestLosses;
import io.dynae.train.TrainingData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae evaluate}: losses of a run and, with the true latents, its isometry error. */
final class EvaluateCommand extends Command {
  EvaluateCommand() {
    super(
        "evaluate", "RUN", "prints a run's losses and, with the true latents, its error, as JSON");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(values("data", "X.npy", "trajectories, instead of the run's own test pairs"));
    options.addOption(values("target", "Y.npy", "what --data predicts, where the run has targets"));
    options.addOption(values("truth", "T.npy", "true latents, one file a trajectory"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    RunDirectory run = RunDirectory.open(Path.of(argument(line)));
    String[] truth = line.getOptionValues("truth");
    try (Backend backend = BackendChoice.open(this, line)) {
      JsonObject json =
          evaluate(
              run,
              RunConfig.readRun(run.config(), overrides(line)),
              !line.hasOption("data"),
              truth,
              backend);
      System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
    }
    return 0;
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
    return overrides;
  }

  /**
   * Evaluates.
   *
   * @param config the run's, with other data maybe
   * @param own measure on the run's test pairs, not on all pairs
   * @param truth true latents, or null
   */
  static JsonObject evaluate(
      RunDirectory run, RunConfig config, boolean own, String[] truth, Backend backend) {
    Checkpoint model = Checkpoint.read(run.checkpoint());
    try (TrainingData data = TrainingData.openToMeasure(config)) {
      data.readingNotes().forEach(System.err::println);
      model.shape.requireFrames(data.input().shape(), data.input().source());
      model.requireShape(data.modelShape(), run.checkpoint());
      model.requireSameBytes(data.input());
      if (own) {
        model.requireData(data.fingerprint(), run.checkpoint());
      }
      JsonObject json = new JsonObject();
      json.addProperty("run", run.path().toString());
      json.addProperty("backend", backend.name());
      json.addProperty("epochs", model.epoch);
      json.addProperty("frames", data.input().count());
      int[] pairs = own ? data.measured() : data.pairs();
      json.addProperty("pairs", pairs.length);
      json.add("losses", Reports.losses(TestLosses.measure(config, backend, data, model, pairs)));
      if (truth != null) {
        Truth expected = Truth.read(Arrays.asList(truth), config.stride(), data.input());
        float[] z = LatentTrajectory.encode(backend, model, data.input());
        expected.compare(json, z, model.shape.latent(), config.lag());
      }
      data.requireUnchanged();
      return json;
    }
  }
}
