// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.dynae.analysis.SeedStatistics;
import io.dynae.file.AtomicFile;
import io.dynae.report.BarFigure;
import io.dynae.report.Figure;
import io.dynae.train.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far latents are from the truth, by system and model over seeds: {@code table1.json}, {@code
 * table1.csv} and {@code table1.md} with the same numbers.
 *
 * <p>L_z (Eq. 8) is in units of the squared one-lag diffusion length sigma^2, sigma^2 =
 * mean(squared one-lag increment of a true coordinate) / 2; FVU is L_z over the variance of the
 * truth. Both are given as they are, and after the latent was stretched by the best scalar, for
 * models that give it no unit.
 */
final class Table1 {
  private static final List<String> MEASURES =
      List.of("lz_sigma_units", "fvu", "lz_at_scale", "fvu_at_scale");

  private static final String MARKDOWN_HEAD =
      """
      | system | model | seeds | L_z | FVU, %% | L_z, best scale | FVU, best scale, %% | paper's L_z |
      |---|---|---|---|---|---|---|---|
      """
          .replace("%%", "%");

  private static final String MARKDOWN_NOTE =
      """

      Mean ± standard deviation over the seeds that trained. L_z: mean squared distance of the latent from the truth after the
      best rotation, reflection and shift, in units of the squared one-lag diffusion length; FVU: the same as a share of the truth's
      variance; "best scale": after stretching by the best scalar too, for models whose latent has no unit. The paper's L_z is what
      it reports on its own versions of the systems, in its own unit: for orientation, not for comparison.
      """;

  private final List<JsonObject> rows = new ArrayList<>();

  /**
   * Adds a model's line.
   *
   * @param runs a row of {@code sweep.json} for each seed asked for; those that did not train have
   *     another status than "trained" and count as failed
   */
  void add(Example example, List<JsonObject> runs) {
    List<JsonObject> trained =
        runs.stream().filter(run -> run.get("status").getAsString().equals("trained")).toList();
    JsonObject row = new JsonObject();
    row.addProperty("system", example.system());
    row.addProperty("model", example.model().title());
    row.addProperty("seeds", runs.size());
    row.addProperty("trained", trained.size());
    for (String measure : MEASURES) {
      double[] values = trained.stream().mapToDouble(run -> value(run, measure)).toArray();
      SeedStatistics statistics = SeedStatistics.of(values);
      row.add(measure + "_mean", number(statistics.mean()));
      row.add(measure + "_sd", number(statistics.deviation()));
    }
    Double paper = PaperNumbers.lz(example.system(), example.model());
    row.add("paper_lz", paper == null ? JsonNull.INSTANCE : new JsonPrimitive(paper));
    JsonArray single = new JsonArray();
    runs.forEach(single::add);
    row.add("runs", single);
    rows.add(row);
  }

  /** L_z at the best scale is FVU there times the variance of the truth, L_z / FVU. */
  private static double value(JsonObject run, String measure) {
    if (!measure.equals("lz_at_scale")) {
      return run.get(measure).getAsDouble();
    }
    double fvu = run.get("fvu").getAsDouble();
    double perFvu = fvu == 0 ? 0 : run.get("lz_sigma_units").getAsDouble() / fvu;
    return run.get("fvu_at_scale").getAsDouble() * perFvu;
  }

  /** A number, null where there is none. */
  static JsonElement number(double value) {
    return Double.isNaN(value) ? JsonNull.INSTANCE : new JsonPrimitive(value);
  }

  /** The share of variance left, by system and model, where any model was trained. */
  Optional<Figure> figure() {
    List<String> systems = names("system");
    List<String> models = names("model");
    double[][] means = new double[systems.size()][models.size()];
    double[][] deviations = new double[systems.size()][models.size()];
    for (double[][] values : List.of(means, deviations)) {
      Arrays.stream(values).forEach(row -> Arrays.fill(row, Double.NaN));
    }
    boolean any = false;
    for (JsonObject row : rows) {
      int system = systems.indexOf(row.get("system").getAsString());
      int model = models.indexOf(row.get("model").getAsString());
      means[system][model] = percent(row, "fvu_mean");
      deviations[system][model] = percent(row, "fvu_sd");
      any |= means[system][model] > 0;
    }
    return any
        ? Optional.of(
            new BarFigure("variance left unexplained (%)", systems, models, means, deviations))
        : Optional.empty();
  }

  private List<String> names(String key) {
    return rows.stream().map(row -> row.get(key).getAsString()).distinct().toList();
  }

  private static double percent(JsonObject row, String key) {
    return row.get(key).isJsonNull() ? Double.NaN : 100 * row.get(key).getAsDouble();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Writes the three files; what belongs to all lines comes first in the JSON. */
  void write(Path folder, JsonObject whole) {
    JsonObject json = whole.deepCopy();
    JsonArray lines = new JsonArray();
    rows.forEach(lines::add);
    json.add("rows", lines);
    RunDirectory.writeJson(folder.resolve("table1.json"), json);
    AtomicFile.writeString(folder.resolve("table1.csv"), csv());
    AtomicFile.writeString(folder.resolve("table1.md"), markdown());
  }

  String csv() {
    List<String> columns = new ArrayList<>(List.of("system", "model", "seeds", "trained"));
    for (String measure : MEASURES) {
      columns.addAll(List.of(measure + "_mean", measure + "_sd"));
    }
    columns.add("paper_lz");
    StringBuilder csv = new StringBuilder(String.join(",", columns)).append('\n');
    for (JsonObject row : rows) {
      csv.append(
              columns.stream()
                  .map(column -> row.get(column).isJsonNull() ? "" : row.get(column).getAsString())
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return csv.toString();
  }

  String markdown() {
    StringBuilder text = new StringBuilder(MARKDOWN_HEAD);
    for (JsonObject row : rows) {
      text.append(
          "| %s | %s | %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  row.get("system").getAsString(),
                  row.get("model").getAsString(),
                  seeds(row),
                  cell(row, "lz_sigma_units", 1),
                  cell(row, "fvu", 100),
                  cell(row, "lz_at_scale", 1),
                  cell(row, "fvu_at_scale", 100),
                  row.get("paper_lz").isJsonNull() ? "" : row.get("paper_lz").getAsString()));
    }
    return text.append(MARKDOWN_NOTE).toString();
  }

  private static String seeds(JsonObject row) {
    String trained = row.get("trained").getAsString() + " of " + row.get("seeds").getAsString();
    List<String> failed = new ArrayList<>();
    for (JsonElement run : row.getAsJsonArray("runs")) {
      String status = run.getAsJsonObject().get("status").getAsString();
      if (!status.equals("trained")) {
        failed.add(run.getAsJsonObject().get("run").getAsString() + " " + status);
      }
    }
    return failed.isEmpty() ? trained : trained + " (" + String.join(", ", failed) + ")";
  }

  private static String cell(JsonObject row, String measure, double factor) {
    JsonElement mean = row.get(measure + "_mean");
    JsonElement deviation = row.get(measure + "_sd");
    return withDeviation(factor * valueOf(mean), factor * valueOf(deviation));
  }

  private static double valueOf(JsonElement number) {
    return number.isJsonNull() ? Double.NaN : number.getAsDouble();
  }

  /** Two digits of the deviation, and the mean to the same decimal; the mean alone for one seed. */
  static String withDeviation(double mean, double deviation) {
    if (Double.isNaN(deviation)) {
      return Double.isNaN(mean) ? "none trained" : rounded(mean);
    }
    if (deviation < 1e-9 * Math.abs(mean) || deviation == 0) {
      return rounded(mean) + " ± 0";
    }
    int digits = Math.max(0, 1 - (int) Math.floor(Math.log10(deviation)));
    String form = "%." + digits + "f";
    return String.format(Locale.ROOT, form + " ± " + form, mean, deviation);
  }

  /** Three digits that count. */
  static String rounded(double value) {
    int digits = value == 0 ? 0 : Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(value))));
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
