// SPDX-License-Identifier: MIT
package io.dynae.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which state the results in a run directory are of; a resumed run keeps old ones to its end. */
public final class RunResults {
  private RunResults() {}

  /** Steps of the state that a {@code summary.json} is of, -1 where it does not say. */
  public static long steps(Path summary) {
    try {
      JsonElement json = JsonParser.parseString(Files.readString(summary));
      return json.getAsJsonObject().get("steps").getAsLong();
    } catch (IOException
        | UncheckedIOException
        | JsonParseException
        | IllegalStateException
        | NumberFormatException
        | NullPointerException
        | UnsupportedOperationException e) {
      return -1;
    }
  }
}
