// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import io.dynae.simulation.Simulation;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an earlier {@code demo} left in its folder, for one that goes on. */
final class DemoFiles {
  private static final Set<String> OTHERS = Set.of("config.ini", "run", "evaluation.json");

  private DemoFiles() {}

  /** Epochs that the earlier one was to train. */
  static long epochs(Path out, long otherwise) {
    Path config = out.resolve("config.ini");
    return Files.exists(config) ? RunConfig.read(config, List.of()).maxEpochs() : otherwise;
  }

  /**
   * Refuses a folder that holds anything else.
   *
   * @param frames of the demo's simulation
   */
  static void requireOwn(Path out, int frames) {
    if (!Files.exists(out)) {
      return;
    }
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && !OTHERS.contains(name) && !Simulation.FILES.contains(name)) {
          throw notOurs(out, name + " is none of its files");
        }
      }
    } catch (IOException e) {
      throw new InputException(
          out + ": cannot be read (" + IoReason.of(e) + "); give another --out", e);
    }
    for (String name : Simulation.FILES) {
      Path file = out.resolve(name);
      if (!Files.exists(file) && Files.exists(out.resolve("config.ini"))) {
        throw notOurs(out, "there is a config.ini, but no " + name);
      }
      if (Files.exists(file)) {
        try (NpyFrames array = NpyFrames.open(file.toString())) {
          if (array.count() != frames) {
            throw notOurs(out, "%s has %d frames, not %d".formatted(name, array.count(), frames));
          }
        }
      }
    }
  }

  private static InputException notOurs(Path out, String why) {
    return new InputException(
        "demo: %s: was not written by `demo`: %s; give another --out".formatted(out, why));
  }
}
