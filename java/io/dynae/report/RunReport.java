// SPDX-License-Identifier: MIT
package io.dynae.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.dynae.analysis.Isometry;
import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import io.dynae.file.IoReason;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The report of a run directory: figures as PNG and SVG in {@code figures/}, and {@code
 * report.html}, one page that holds all of them with settings and numbers.
 */
public final class RunReport {
  private static final Map<String, String> LABELS = labels();

  private RunReport() {}

  private static Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("loss", "mean of a batch");
    labels.put("reconstruction", "squared error");
    labels.put("regularization", "mean of a batch");
    labels.put("prior", "−log likelihood");
    labels.put("bins", "count");
    return labels;
  }

  /**
   * Draws and writes all; nothing is written before everything is drawn.
   *
   * @param run the directory
   * @param settings its configuration as text
   * @param steps that its model was trained for
   * @return {@code report.html}
   * @throws InputException where the directory cannot be written, or the machine has no fonts
   */
  public static Path write(Path run, String settings, long steps, RunData data) {
    Map<String, Figure> figures = RunFigures.of(data, curves(run.resolve("metrics.jsonl")));
    HtmlReport page = new HtmlReport("Dynae: " + run.toAbsolutePath().normalize().getFileName());
    Map<String, byte[]> pngs = new LinkedHashMap<>();
    Map<String, String> svgs = new LinkedHashMap<>();
    figures.forEach(
        (name, figure) -> {
          pngs.put(name, FigureFile.png(figure));
          svgs.put(name, FigureFile.svg(figure));
          page.figure(name, figure, svgs.get(name));
          if (svgs.size() == 1) {
            tables(page, run, steps, data);
          }
        });
    page.text("Settings", settings);
    Path folder = run.resolve(RunDirectory.FIGURES);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(
          folder
              + ": cannot be made a folder ("
              + IoReason.of(e)
              + "); free the name, or copy the run",
          e);
    }
    svgs.forEach((name, svg) -> FigureFile.write(pngs.get(name), svg, folder, name));
    Path file = run.resolve(RunDirectory.REPORT);
    AtomicFile.writeString(file, page.toString());
    return file;
  }

  /** Numbers, after the first figure, which shows what was learned. */
  private static void tables(HtmlReport page, Path run, long steps, RunData data) {
    Path summary = run.resolve("summary.json");
    if (RunResults.steps(summary) == steps) {
      page.table("Run", summary(summary));
    } else {
      page.table(
          "Run", Map.of("steps", steps + ", in training: there are no test losses of this state"));
    }
    if (data.isometry() != null) {
      page.table("Distance from the truth", measures(data.isometry()));
    }
  }

  private static Map<String, String> measures(Isometry isometry) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("L_z, squared unit of the truth", HtmlReport.number(isometry.lz()));
    rows.put("L_z, squared diffusion lengths", HtmlReport.number(isometry.lzSigmaUnits()));
    rows.put("fraction of variance unexplained", HtmlReport.number(isometry.fvu()));
    rows.put("best scale", HtmlReport.number(isometry.scale()));
    rows.put("fraction unexplained at the best scale", HtmlReport.number(isometry.fvuAtScale()));
    return rows;
  }

  private static Map<String, String> summary(Path file) {
    Map<String, String> rows = new LinkedHashMap<>();
    if (Files.exists(file)) {
      JsonObject json = MetricsFile.object(file, MetricsFile.text(file));
      for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
        JsonElement value = entry.getValue();
        if (value.isJsonPrimitive()) {
          rows.put(entry.getKey(), text(value));
        } else if (value.isJsonObject()) {
          value
              .getAsJsonObject()
              .entrySet()
              .forEach(
                  inner ->
                      rows.put(entry.getKey() + ": " + inner.getKey(), text(inner.getValue())));
        }
      }
    }
    return rows;
  }

  private static String text(JsonElement value) {
    return value.isJsonPrimitive() ? value.getAsString() : value.toString();
  }

  /** Curves of those losses that every epoch has. */
  private static List<TrainingFigure.Curve> curves(Path file) {
    List<TrainingFigure.Curve> curves = new ArrayList<>();
    MetricsFile metrics = MetricsFile.read(file);
    for (Map.Entry<String, String> kind : LABELS.entrySet()) {
      double[] values = metrics.values(kind.getKey());
      if (Arrays.stream(values).anyMatch(Double::isFinite)) {
        boolean logarithmic = !kind.getKey().equals("prior") && !kind.getKey().equals("bins");
        curves.add(new TrainingFigure.Curve(kind.getKey(), kind.getValue(), values, logarithmic));
      }
    }
    return curves;
  }
}
