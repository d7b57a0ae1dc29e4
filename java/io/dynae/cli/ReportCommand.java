// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.analysis.PriorFields;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.report.RunData;
import io.dynae.report.RunReport;
import io.dynae.train.RunDirectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae report}: figures of a run, and one page with all of them. */
final class ReportCommand extends Command {
  ReportCommand() {
    super("report", "RUN", "draws a run's figures and writes report.html");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(values("truth", "T.npy", "true latents, one file a trajectory"));
    options.addOption(values("data", "X.npy", "trajectories to draw, instead of the run's own"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    RunDirectory run = RunDirectory.open(Path.of(argument(line)));
    RunConfig config = RunConfig.readRun(run.config(), List.of());
    Checkpoint model = Checkpoint.read(run.checkpoint());
    String[] data = line.getOptionValues("data");
    Latents latents;
    if (data == null && Latents.areOf(run, model)) {
      latents = Latents.stored(run, config, model);
    } else {
      try (Backend backend = BackendChoice.open(this, line)) {
        latents =
            data == null
                ? Latents.of(config, model, backend)
                : Latents.of(Arrays.asList(data), config, model, backend);
      }
    }
    System.out.println(write(run, config, model, latents, line.getOptionValues("truth")));
    return 0;
  }

  /**
   * Draws and writes the report of a run.
   *
   * @param truth files of the true latents, or null
   * @return {@code report.html}
   */
  static Path write(
      RunDirectory run, RunConfig config, Checkpoint model, Latents latents, String[] truth) {
    int d = model.shape.latent();
    Truth expected =
        truth == null
            ? null
            : Truth.read(
                Arrays.asList(truth), config.stride(), latents.source(), latents.lengths());
    RunData data =
        new RunData(
            config.model(),
            latents.values(),
            d,
            latents.lengths(),
            config.lag(),
            PriorFields.of(model),
            latents.observed(),
            expected == null ? null : expected.drawn(),
            expected == null ? null : expected.isometry(latents.values(), d, config.lag()));
    return RunReport.write(run.path(), config.toIni(), model.step, data);
  }
}
