// SPDX-License-Identifier: MIT
package io.dynae.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run's {@code metrics.jsonl}: one JSON object an epoch. */
public final class MetricsFile {
  private final Path file;
  private final List<JsonObject> epochs;

  private MetricsFile(Path file, List<JsonObject> epochs) {
    this.file = file;
    this.epochs = epochs;
  }

  /**
   * Reads a file; one that is not there has no epochs.
   *
   * @throws InputException where it cannot be read, or a line is no object
   */
  public static MetricsFile read(Path file) {
    List<JsonObject> epochs = new ArrayList<>();
    if (Files.exists(file)) {
      text(file).lines().forEach(line -> epochs.add(object(file, line)));
    }
    return new MetricsFile(file, epochs);
  }

  /**
   * What every epoch has under {@code key}, NaN where one has nothing.
   *
   * @throws InputException where that is no number
   */
  public double[] values(String key) {
    double[] values = new double[epochs.size()];
    for (int i = 0; i < values.length; i++) {
      JsonElement value = epochs.get(i).get(key);
      try {
        values[i] = value == null || value.isJsonNull() ? Double.NaN : value.getAsDouble();
      } catch (NumberFormatException | IllegalStateException | UnsupportedOperationException e) {
        throw new InputException(
            "%s:%d: %s is no number: %s; restore or delete the file"
                .formatted(file, i + 1, key, value),
            e);
      }
    }
    return values;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InputException(
          file + ": cannot be read (" + IoReason.of(e) + "); restore or delete it", e);
    }
  }

  static JsonObject object(Path file, String text) {
    try {
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new InputException(file + ": is no JSON: it is damaged; restore or delete it", e);
    }
  }
}
