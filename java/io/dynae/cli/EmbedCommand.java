// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.Backend;
import io.dynae.dataset.DataNotes;
import io.dynae.model.Checkpoint;
import io.dynae.train.LatentTrajectory;
import io.dynae.train.RunDirectory;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.StackedFrames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae embed}: the latent trajectory of new data. */
final class EmbedCommand extends Command {
  EmbedCommand() {
    super("embed", "RUN", "writes the latent trajectory of new data");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(values("data", "X.npy", "trajectories to encode, end to end"));
    options.addOption(value("out", "Z.npy", "file for the latents, float32 [frames, d]"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    RunDirectory run = RunDirectory.open(Path.of(argument(line)));
    required(line, "data");
    Path out = Path.of(required(line, "out"));
    Outputs.requireNoInput(out, line.getOptionValues("data"));
    if (Files.isRegularFile(out)) {
      Outputs.requireNew(out);
    }
    Checkpoint model = Checkpoint.read(run.checkpoint());
    try (StackedFrames frames = StackedFrames.open(Arrays.asList(line.getOptionValues("data")));
        Backend backend = BackendChoice.open(this, line)) {
      FrameSurvey survey = FrameSurvey.of(frames, false);
      boolean standardized = !model.standardizer.identity();
      DataNotes.ofNewInput(survey, standardized).reading().forEach(System.err::println);
      LatentTrajectory.write(backend, model, frames, out);
    }
    System.out.println(out);
    return 0;
  }
}
