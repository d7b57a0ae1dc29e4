// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** One result as text, beside an earlier one where it is given. */
public final class ResultTable {
  private ResultTable() {}

  /**
   * Formats.
   *
   * @param earlier an earlier result of the same kind, or null
   */
  public static String of(JsonObject result, JsonObject earlier) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%s %s on %s: %s (%s), commit %.10s",
        result.get("bench").getAsString(),
        result.getAsJsonObject("config").get("name").getAsString(),
        result.get("backend").getAsString(),
        result.get("device").getAsString(),
        result.get("driver").getAsString(),
        result.get("commit").getAsString());
    if (result.has("operations")) {
      operations(text, result, earlier);
    } else {
      training(text, result, earlier);
    }
    return text.toString();
  }

  private static void training(StringBuilder text, JsonObject result, JsonObject earlier) {
    JsonObject us = result.getAsJsonObject("us_per_step");
    int models = Results.models(result);
    line(
        text,
        "us/step  min %.1f  median %.1f  of %d launches of %d steps  %.1f steps/s",
        us.get("min").getAsDouble(),
        us.get("median").getAsDouble(),
        us.get("count").getAsInt(),
        result.get("steps_per_launch").getAsInt(),
        result.get("steps_per_second").getAsDouble());
    if (models > 1) {
      JsonObject each = result.getAsJsonObject("us_per_model_step");
      line(
          text,
          "%d models side by side, us/model-step  min %.2f  median %.2f",
          models,
          each.get("min").getAsDouble(),
          each.get("median").getAsDouble());
    }
    if (earlier != null) {
      double before = earlier.getAsJsonObject("us_per_step").get("min").getAsDouble();
      line(
          text,
          "earlier  min %.1f (%s, %.10s): this one is %.2f times as fast",
          before,
          earlier.get("backend").getAsString(),
          earlier.get("commit").getAsString(),
          before / us.get("min").getAsDouble());
    }
  }

  private static void operations(StringBuilder text, JsonObject result, JsonObject earlier) {
    JsonObject rates = result.getAsJsonObject("rates");
    for (JsonElement element : rates.getAsJsonArray("copy")) {
      JsonObject rate = element.getAsJsonObject();
      line(
          text,
          "%4d work-groups copy %9.1f KB at %8.1f GB/s",
          rate.get("groups").getAsInt(),
          4e-3 * rate.get("floats").getAsDouble(),
          rate.get("gb_per_second").getAsDouble());
    }
    for (JsonElement element : rates.getAsJsonArray("multiply_add")) {
      JsonObject rate = element.getAsJsonObject();
      line(
          text,
          "%4d work-groups multiply and add %.1f GFLOP/s",
          rate.get("groups").getAsInt(),
          rate.get("gflop_per_second").getAsDouble());
    }
    line(text, "clock: %s", result.get("clock").getAsString());
    String ratio = earlier == null ? "" : "  times as fast";
    line(
        text,
        "%-32s %8s %8s %6s %7s %7s %8s %7s%s",
        "operation",
        "us min",
        "median",
        "count",
        "GB/s",
        "% copy",
        "GFLOP/s",
        "% fma",
        ratio);
    Map<String, Double> before = new LinkedHashMap<>();
    if (earlier != null) {
      earlier.getAsJsonArray("operations").forEach(row -> before.put(name(row), min(row)));
    }
    double sum = 0;
    for (JsonElement element : result.getAsJsonArray("operations")) {
      JsonObject row = element.getAsJsonObject();
      Double old = before.get(name(row));
      line(
          text,
          "%-32s %8.2f %8.2f %6d %7s %7s %8s %7s%s",
          name(row),
          min(row),
          row.getAsJsonObject("us").get("median").getAsDouble(),
          row.getAsJsonObject("us").get("count").getAsInt(),
          number(row, "gb_per_second", 1),
          number(row, "share_of_copy", 100),
          number(row, "gflop_per_second", 1),
          number(row, "share_of_fma", 100),
          old == null ? "" : "  %.2f".formatted(old / min(row)));
      sum += min(row);
    }
    line(text, "%-32s %8.2f", "sum", sum);
  }

  private static String name(JsonElement row) {
    return row.getAsJsonObject().get("name").getAsString();
  }

  private static double min(JsonElement row) {
    return row.getAsJsonObject().getAsJsonObject("us").get("min").getAsDouble();
  }

  private static String number(JsonObject row, String key, double factor) {
    return row.has(key) ? "%.1f".formatted(factor * row.get(key).getAsDouble()) : "-";
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(format.formatted(arguments).stripTrailing()).append('\n');
  }
}
