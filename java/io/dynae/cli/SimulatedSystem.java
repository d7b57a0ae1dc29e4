// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.error.InputException;
import io.dynae.simulation.KnownSystem;
import io.dynae.simulation.PhiloxNoise;
import io.dynae.simulation.Simulation;
import io.dynae.simulation.Systems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The trajectory of a system in {@code SYSTEM/data}, simulated once: {@code simulation.json} there
 * says with what, and is written last.
 */
record SimulatedSystem(Path observed, Path truth) {
  private static final long SEED = 0;

  /**
   * Simulates, or takes what is there.
   *
   * @param quickFrames frames for {@code --quick}; the system's usual number else
   * @param options of the system, see {@link Systems}
   * @throws InputException where what is there was simulated with other settings
   */
  static SimulatedSystem of(
      Reproduction reproduction, String name, int quickFrames, Map<String, String> options) {
    KnownSystem system = Systems.of(name, options);
    int frames = reproduction.frames(system.usualFrames(), quickFrames);
    Path folder = reproduction.folder(name).resolve("data");
    Path marker = folder.resolve("simulation.json");
    JsonObject settings = new JsonObject();
    settings.addProperty("system", name);
    settings.addProperty("frames", frames);
    settings.addProperty("seed", SEED);
    options.forEach(settings::addProperty);
    SimulatedSystem files =
        new SimulatedSystem(folder.resolve("observed.npy"), folder.resolve("true.npy"));
    if (Files.exists(marker)) {
      requireSame(marker, settings);
      return files;
    }
    System.err.printf("simulating %d frames of %s into %s%n", frames, name, folder);
    Simulation.run(system, frames, new PhiloxNoise(SEED), SEED, folder);
    Reproduction.writeJson(marker, settings);
    return files;
  }

  private static void requireSame(Path marker, JsonObject settings) {
    try {
      JsonObject there = JsonParser.parseString(Files.readString(marker)).getAsJsonObject();
      if (!there.equals(settings)) {
        throw new InputException(
            "%s: %s = %s does not hold; resume with the same settings or give another --out"
                .formatted(marker, there, settings));
      }
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw new InputException(
          marker + ": does not tell what is in its folder: delete it, or give another --out", e);
    }
  }
}
