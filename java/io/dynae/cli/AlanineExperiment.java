// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.dynae.analysis.DihedralRecovery;
import io.dynae.analysis.Grid;
import io.dynae.analysis.MoveField;
import io.dynae.analysis.PriorFields;
import io.dynae.analysis.SeedStatistics;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.report.DihedralsFigure;
import io.dynae.train.RunDirectory;
import io.dynae.train.TrainingData;
import io.dynae.trajectory.npy.NpyFrames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Alanine dipeptide (Figure 4): DynAE on Cartesian coordinates, and what its latent says about the
 * dihedrals of held-out frames. {@code alanine/recovery.json} has the numbers.
 *
 * <p>Held out is the last fifth of each of 30 equal stretches of the trajectory, from the training
 * of the model and from what the prediction knows.
 */
final class AlanineExperiment implements Experiment {
  private static final Example EXAMPLE = new Example("alanine", Example.Contender.DYNAE);
  private static final List<String> QUICK = List.of("max_epochs=10");

  private static final int PLACES = 13;
  private static final double MARGIN = 0.04;

  /** Frames that a place of the latent's field needs. */
  private static final int LEAST_FRAMES = 20;

  private final AlanineFiles files;

  /**
   * @param files coordinates and their dihedrals
   */
  AlanineExperiment(AlanineFiles files) {
    this.files = files;
  }

  @Override
  public int run(Reproduction reproduction, Table1 table) {
    Path folder = reproduction.folder(EXAMPLE.system());
    List<Path> data = List.of(files.coordinates());
    List<JsonObject> runs = reproduction.train(EXAMPLE, data, List.of(), QUICK, List.of());
    if (reproduction.stop().requested()) {
      return 0;
    }
    JsonObject json = new JsonObject();
    json.addProperty("coordinates", files.coordinates().toString());
    json.addProperty("dihedrals", files.dihedrals().toString());
    json.addProperty(
        "held_out",
        "the last fifth of each of 30 equal stretches, from model and prediction alike");
    json.addProperty("neighbors", DihedralRecovery.NEIGHBORS);
    JsonArray rows = new JsonArray();
    List<Double> rSquared = new ArrayList<>();
    for (JsonObject run : runs) {
      JsonObject row = run.deepCopy();
      if (run.get("status").getAsString().equals("trained")) {
        rSquared.add(measure(reproduction.run(EXAMPLE, run), row));
      }
      rows.add(row);
    }
    SeedStatistics statistics =
        SeedStatistics.of(rSquared.stream().mapToDouble(Double::doubleValue).toArray());
    json.addProperty("seeds", runs.size());
    json.addProperty("trained", statistics.count());
    json.add("r_squared_mean", Table1.number(statistics.mean()));
    json.add("r_squared_sd", Table1.number(statistics.deviation()));
    json.add("runs", rows);
    Reproduction.writeJson(folder.resolve("recovery.json"), json);
    System.out.print(text(statistics, rows));
    reproduction
        .firstTrained(EXAMPLE, runs)
        .ifPresent(run -> FigureFolder.attempt(() -> draw(run, folder.resolve("figures"))));
    return Reproduction.exitCode(runs);
  }

  /** Adds a run's numbers to its row and returns R^2. */
  private double measure(Path run, JsonObject row) {
    RunConfig config = RunConfig.readRun(run.resolve("config.ini"), List.of());
    try (TrainingData data = TrainingData.open(config)) {
      DihedralRecovery recovery =
          DihedralRecovery.of(
              NpyFrames.readAll(run.resolve("latent.npy")),
              config.latentDimension(),
              files.readDihedrals(),
              data.train(),
              data.test());
      row.addProperty("r_squared", recovery.rSquared());
      row.addProperty("frames_predicted", recovery.heldOut());
      JsonObject recall = new JsonObject();
      recovery.recall().forEach((basin, share) -> recall.addProperty(basin.name(), share));
      row.add("basin_recall", recall);
      return recovery.rSquared();
    }
  }

  private void draw(Path run, Path folder) {
    RunDirectory directory = RunDirectory.open(run);
    float[] latent = NpyFrames.readAll(directory.latent());
    Checkpoint model = Checkpoint.read(directory.checkpoint());
    if (model.shape.latent() != 2) {
      System.err.println("figure 4: not drawn, as it is for d = 2: d = " + model.shape.latent());
      return;
    }
    Grid places = Grid.square(latent, 2, 0, 1, MARGIN, PLACES);
    MoveField field = MoveField.ofPrior(PriorFields.of(model), latent, 0, 1, places, LEAST_FRAMES);
    new FigureFolder(folder)
        .write("figure4", new DihedralsFigure(files.readDihedrals(), latent, field));
  }

  private static String text(SeedStatistics rSquared, JsonArray rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "alanine: R^2 of (cos phi, sin phi, cos psi, sin psi) on held-out frames %s, %d of %d"
                + " seeds trained%n",
            Table1.withDeviation(rSquared.mean(), rSquared.deviation()),
            rSquared.count(),
            rows.size()));
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      text.append(
          "  %s: %s".formatted(row.get("run").getAsString(), row.get("status").getAsString()));
      if (row.has("basin_recall")) {
        text.append(String.format(Locale.ROOT, ", R^2 %.4f", row.get("r_squared").getAsDouble()));
        text.append(", basins found again ").append(row.get("basin_recall"));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }
}
