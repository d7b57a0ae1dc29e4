// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.dynae.config.SweepConfig;
import io.dynae.file.AtomicFile;
import io.dynae.train.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of each model of a sweep: {@code sweep.json}, {@code sweep.csv}, and for people. */
final class SweepTable {
  /** Columns after the varied keys, where a model has them. */
  private static final List<String> COLUMNS =
      List.of(
          "status",
          "epochs",
          "steps",
          "bins",
          "loss",
          "reconstruction",
          "regularization",
          "prior",
          "lz",
          "lz_sigma_units",
          "fvu",
          "scale",
          "fvu_at_scale");

  private final List<String> varied;
  private final Map<String, JsonObject> rows = new LinkedHashMap<>();

  /**
   * @param varied keys that tell the models apart
   */
  SweepTable(List<String> varied) {
    this.varied = varied;
  }

  /**
   * Adds a model.
   *
   * @param row status and, of a trained model, its numbers
   */
  void add(SweepConfig.Model model, JsonObject row) {
    JsonObject all = new JsonObject();
    all.addProperty("run", model.name());
    model.values().forEach(all::addProperty);
    row.entrySet().forEach(entry -> all.add(entry.getKey(), entry.getValue()));
    rows.put(model.name(), all);
  }

  /** The models' rows, in the order in which they ended. */
  List<JsonObject> rows() {
    return List.copyOf(rows.values());
  }

  /** Writes both files; what belongs to the whole sweep comes first in the JSON. */
  void write(Path folder, JsonObject whole) {
    JsonObject json = whole.deepCopy();
    JsonArray models = new JsonArray();
    rows.values().forEach(models::add);
    json.add("models", models);
    RunDirectory.writeJson(folder.resolve("sweep.json"), json);
    StringBuilder csv = new StringBuilder(String.join(",", header(COLUMNS))).append('\n');
    for (JsonObject row : rows.values()) {
      csv.append(String.join(",", cells(row, COLUMNS, false))).append('\n');
    }
    AtomicFile.writeString(folder.resolve("sweep.csv"), csv.toString());
  }

  private List<String> header(List<String> columns) {
    List<String> header = new ArrayList<>(varied);
    header.addAll(columns);
    return header;
  }

  private List<String> cells(JsonObject row, List<String> columns, boolean shortened) {
    List<String> cells = new ArrayList<>();
    for (String column : header(columns)) {
      JsonElement value = row.get(column);
      cells.add(
          value == null
              ? ""
              : shortened && COLUMNS.contains(column) && isFraction(value)
                  ? String.format(Locale.ROOT, "%.4g", value.getAsDouble())
                  : value.getAsString());
    }
    return cells;
  }

  private static boolean isFraction(JsonElement value) {
    return value.getAsJsonPrimitive().isNumber() && value.getAsString().matches(".*[.eE].*");
  }

  /** The table for people: columns that some model has, aligned. */
  String text() {
    List<String> used =
        COLUMNS.stream()
            .filter(c -> !c.startsWith("lz") && rows.values().stream().anyMatch(r -> r.has(c)))
            .toList();
    List<List<String>> lines = new ArrayList<>(List.of(header(used)));
    rows.values()
        .forEach(row -> lines.add(cells(row, used, true).stream().map(PlainText::line).toList()));
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
        padded.append(String.format("%-" + (width + 2) + "s", line.get(i)));
      }
      text.append(padded.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
