// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import java.util.List;

/** Results of {@link SwdBench} as text, beside earlier ones where they are given. */
public final class SwdTable {
  private SwdTable() {}

  /** Whose numbers the lines show. */
  public static String head(JsonObject result) {
    return "swd on %s: %s (%s), commit %.10s%n%-24s %-10s %12s %12s %7s %12s %12s %7s%n"
        .formatted(
            result.get("backend").getAsString(),
            result.get("device").getAsString(),
            result.get("driver").getAsString(),
            result.get("commit").getAsString(),
            "us an evaluation",
            "sort",
            "forward min",
            "median",
            "count",
            "gradient min",
            "median",
            "count");
  }

  /**
   * One size.
   *
   * @param earlier its earlier result, or null
   */
  public static String line(JsonObject result, JsonObject earlier) {
    StringBuilder text = new StringBuilder();
    text.append("%-24s %-10s".formatted(name(result), result.get("sort").getAsString()));
    for (String key : List.of("us_forward", "us_with_gradient")) {
      JsonObject us = result.getAsJsonObject(key);
      text.append(
          " %12.1f %12.1f %7d"
              .formatted(
                  min(result, key), us.get("median").getAsDouble(), us.get("count").getAsInt()));
    }
    if (earlier != null) {
      text.append(
          "  %.2f and %.2f times as fast"
              .formatted(
                  min(earlier, "us_forward") / min(result, "us_forward"),
                  min(earlier, "us_with_gradient") / min(result, "us_with_gradient")));
    }
    return text.append('\n').toString();
  }

  private static String name(JsonObject result) {
    return result.getAsJsonObject("config").get("name").getAsString();
  }

  private static double min(JsonObject result, String key) {
    return result.getAsJsonObject(key).get("min").getAsDouble();
  }
}
