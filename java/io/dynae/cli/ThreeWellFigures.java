// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import io.dynae.analysis.MoveField;
import io.dynae.analysis.PriorFields;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.report.AlignedModel;
import io.dynae.report.AlignedModelsFigure;
import io.dynae.report.DihedralsFigure;
import io.dynae.report.Landscape;
import io.dynae.report.LandscapeFigure;
import io.dynae.simulation.ThreeWell;
import io.dynae.train.RunDirectory;
import io.dynae.trajectory.npy.NpyFrames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Draws three wells: the landscape three times (Figure 2), and the models aligned (Figure 3). */
final class ThreeWellFigures {
  private static final int CELLS = 72;
  private static final int PLACES = 13;
  private static final double MARGIN = 0.04;

  /** Share of the frames that a place of the field needs: fewer give noise, not a field. */
  private static final double LEAST_SHARE = 2e-4;

  private final float[] truth;
  private final float[] observed;
  private final FigureFolder folder;

  /**
   * @param data the simulated frames
   * @param folder where figures go
   */
  ThreeWellFigures(SimulatedSystem data, FigureFolder folder) {
    truth = NpyFrames.readAll(data.truth());
    observed = NpyFrames.readAll(data.observed());
    this.folder = folder;
  }

  /** Truth, what is observed, and the latent of a DynAE's run, each with what moves on it. */
  void drawLandscapes(Path run) {
    float[] latent = NpyFrames.readAll(run.resolve("latent.npy"));
    PriorFields prior = PriorFields.of(Checkpoint.read(RunDirectory.open(run).checkpoint()));
    int lag = lag(run);
    double time = ThreeWell.STEP * ThreeWell.STEPS_PER_FRAME * lag;
    MoveField.Drift drift =
        (x, y, out) -> {
          ThreeWell.force(x, y, out);
          out[0] *= time;
          out[1] *= time;
        };
    Grid places = grid(truth).withCells(PLACES, PLACES);
    int[] counts = MoveField.counts(truth, 2, 0, 1, places);
    MoveField exact = MoveField.of(drift, 2 * ThreeWell.KT * time, places, counts, least());
    MoveField warped =
        MoveField.ofMoves(
            observed,
            2,
            0,
            1,
            new int[] {observed.length / 2},
            lag,
            grid(observed).withCells(PLACES, PLACES),
            least());
    MoveField learned =
        MoveField.ofPrior(prior, latent, 0, 1, grid(latent).withCells(PLACES, PLACES), least());
    folder.write(
        "figure2",
        new LandscapeFigure(
            List.of(
                landscape("truth", "x", "y", truth, exact),
                landscape("observed", "x", "y + x²", observed, warped),
                landscape(
                    "DynAE, latent",
                    DihedralsFigure.LATENT_X,
                    DihedralsFigure.LATENT_Y,
                    latent,
                    learned))));
  }

  /** Frames of one lag of a run. */
  private static int lag(Path run) {
    return RunConfig.readRun(RunDirectory.open(run).config(), List.of()).lag();
  }

  private int least() {
    return (int) Math.ceil(LEAST_SHARE * truth.length / 2);
  }

  private static Grid grid(float[] points) {
    return Grid.square(points, 2, 0, 1, MARGIN, CELLS);
  }

  private static Landscape landscape(
      String title, String x, String y, float[] points, MoveField field) {
    return new Landscape(title, x, y, FreeEnergy.of(points, 2, 0, 1, grid(points), 0), field);
  }

  /**
   * One run of each model, aligned with the truth.
   *
   * @param runs by model, in the order of the panels
   */
  void drawAligned(Map<Example.Contender, Path> runs) {
    List<AlignedModel> models = new ArrayList<>();
    runs.forEach(
        (model, run) ->
            models.add(
                AlignedModel.of(
                    model.title(),
                    NpyFrames.readAll(run.resolve("latent.npy")),
                    truth,
                    new int[] {truth.length / 2},
                    lag(run),
                    model != Example.Contender.DYNAE)));
    folder.write("figure3", new AlignedModelsFigure(truth, "x", "y", models));
  }
}
