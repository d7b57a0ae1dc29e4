// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.check.BenchConfig;
import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Results in a file: one as it is, several as the list {@code results}. */
public final class Results {
  private static final String LIST = "results";
  private static final String SCHEMA = "schema";
  private static final String BENCH = "bench";

  private final Path file;
  private final List<JsonObject> all;

  private Results(Path file, List<JsonObject> all) {
    this.file = file;
    this.all = all;
  }

  /**
   * Reads earlier results.
   *
   * @param bench what they must measure: "training", "kernels" or "swd"
   * @throws InputException when the file holds no such thing
   */
  public static Results read(Path file, String bench) {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      requireEqual(file, SCHEMA, Integer.toString(Origin.SCHEMA), text(json.get(SCHEMA)));
      requireEqual(file, BENCH, bench, text(json.get(BENCH)));
      List<JsonObject> all = new ArrayList<>();
      if (json.has(LIST)) {
        json.getAsJsonArray(LIST).forEach(result -> all.add(result.getAsJsonObject()));
      } else {
        all.add(json);
      }
      return new Results(file, all);
    } catch (IOException e) {
      throw new InputException("%s: cannot be read (%s)".formatted(file, IoReason.of(e)), e);
    } catch (JsonParseException | IllegalStateException | ClassCastException e) {
      throw new InputException(
          "%s: a JSON result of `dynae bench` does not hold".formatted(file), e);
    }
  }

  /**
   * The result of a shape and a number of models.
   *
   * @throws InputException when it is not among them
   */
  public JsonObject of(BenchConfig config, int models) {
    return all.stream()
        .filter(result -> name(result).equals(config.name()) && models(result) == models)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "%s: config = %s with %d models does not hold: %s; compare results of one kind"
                        .formatted(
                            file,
                            config.name(),
                            models,
                            all.stream().map(r -> name(r) + " with " + models(r)).toList())));
  }

  /** The result of that name, or null. */
  public JsonObject named(String name) {
    return all.stream().filter(result -> name(result).equals(name)).findFirst().orElse(null);
  }

  private static String name(JsonObject result) {
    return result.has("config")
        ? text(result.getAsJsonObject("config").get("name"))
        : text(result.get("config"));
  }

  /** Models that a result is of; results older than several models are of one. */
  static int models(JsonObject result) {
    return result.has("models") ? result.get("models").getAsInt() : 1;
  }

  private static String text(JsonElement element) {
    return element == null ? "none" : element.getAsString();
  }

  private static void requireEqual(Path file, String key, String expected, String found) {
    if (!expected.equals(found)) {
      throw new InputException(
          "%s: %s = %s does not hold: %s; compare results of one kind"
              .formatted(file, key, expected, found));
    }
  }

  /** Text of a file with these results, one or more of the same bench. */
  public static String json(List<JsonObject> results) {
    JsonObject json = results.get(0);
    if (results.size() > 1) {
      json = new JsonObject();
      json.add(SCHEMA, results.get(0).get(SCHEMA));
      json.add(BENCH, results.get(0).get(BENCH));
      JsonArray list = new JsonArray();
      results.forEach(list::add);
      json.add(LIST, list);
    }
    return new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n";
  }
}
