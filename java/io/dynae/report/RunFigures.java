// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import io.dynae.analysis.MoveField;
import io.dynae.analysis.Procrustes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which figures a run gets. One latent dimension: profiles; two: landscapes; more: landscapes of
 * the first three latents by pairs. With a truth also the latent laid onto it.
 */
final class RunFigures {
  private static final int CELLS = 80;
  private static final int FIELD_CELLS = 14;
  private static final double MARGIN = 0.04;

  /** Frames that a place of a prior's field needs near it. */
  private static final int LEAST_FRAMES = 20;

  /** Moves that an estimate of drift needs. */
  private static final int LEAST_MOVES = 200;

  private RunFigures() {}

  /** Figures of a run by the names of their files, in the order of the report. */
  static Map<String, Figure> of(RunData data, List<TrainingFigure.Curve> curves) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    if (data.d() == 1) {
      figures.put("profile", new ProfileFigure(data.latent(), data.latentLabel(0), data.prior()));
    } else {
      figures.put("landscape", new LandscapeFigure(landscapes(data)));
    }
    if (data.truth() != null && data.d() == 2) {
      figures.put("aligned", aligned(data));
    }
    if (data.truth() != null) {
      figures.put("scatter", scatter(data));
    }
    if (!curves.isEmpty()) {
      figures.put("training", new TrainingFigure(curves));
    }
    return figures;
  }

  private static List<Landscape> landscapes(RunData data) {
    List<Landscape> landscapes = new ArrayList<>();
    if (data.d() == 2 && data.truth() != null) {
      landscapes.add(ofMoves("truth", List.of("true x₁", "true x₂"), data.truth(), data));
    }
    if (data.d() == 2 && data.observed() != null) {
      landscapes.add(ofMoves("data", List.of("feature 1", "feature 2"), data.observed(), data));
    }
    for (int j = 1; j < Math.min(3, data.d()); j++) {
      for (int i = 0; i < j; i++) {
        landscapes.add(latent(data, i, j));
      }
    }
    return landscapes;
  }

  private static Landscape ofMoves(
      String title, List<String> labels, float[] points, RunData data) {
    Grid grid = Grid.square(points, 2, 0, 1, MARGIN, CELLS);
    return new Landscape(
        title,
        labels.get(0),
        labels.get(1),
        FreeEnergy.of(points, 2, 0, 1, grid, 0),
        MoveField.ofMoves(
            points,
            2,
            0,
            1,
            data.lengths(),
            data.lag(),
            grid.withCells(FIELD_CELLS, FIELD_CELLS),
            LEAST_MOVES));
  }

  private static Landscape latent(RunData data, int i, int j) {
    Grid grid = Grid.square(data.latent(), data.d(), i, j, MARGIN, CELLS);
    MoveField field =
        data.prior() == null
            ? null
            : MoveField.ofPrior(
                data.prior(),
                data.latent(),
                i,
                j,
                grid.withCells(FIELD_CELLS, FIELD_CELLS),
                LEAST_FRAMES);
    return new Landscape(
        "latent",
        data.latentLabel(i),
        data.latentLabel(j),
        FreeEnergy.of(data.latent(), data.d(), i, j, grid, 0),
        field);
  }

  private static Figure aligned(RunData data) {
    AlignedModel model =
        AlignedModel.of(
            data.modelName(),
            data.latent(),
            data.truth(),
            data.lengths(),
            data.lag(),
            !data.hasScale());
    return new AlignedModelsFigure(data.truth(), "x₁", "x₂", List.of(model));
  }

  private static Figure scatter(RunData data) {
    Procrustes fit = Procrustes.atBestScale(data.latent(), data.truth(), data.d());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < data.d(); i++) {
      names.add("x" + (i < 9 ? (char) ('\u2081' + i) : "_" + (i + 1)));
    }
    return new ScatterFigure(Scatter.of(names, data.truth(), fit.apply(data.latent())));
  }
}
