// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.trajectory.NoiseSource;
import io.dynae.trajectory.PhiloxNoise;
import io.dynae.trajectory.ThreeWell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae simulate}: writes the trajectory of a known system. */
final class SimulateCommand extends Command {
  private static final String SYSTEM = "three-well";

  SimulateCommand() {
    super("simulate", "SYSTEM", "writes true.npy and observed.npy of a known system: " + SYSTEM);
  }

  @Override
  Options options() {
    Options options = new Options();
    options.addOption(value("frames", "N", "frames to write (default 200000)"));
    options.addOption(value("seed", "S", "seed of the noise (default 0)"));
    options.addOption(value("out", "DIR", "directory for the two files"));
    options.addOption(
        value(
            "backend",
            "NAME",
            "java (default), or cuda: noise in bulk from JCurand, other numbers"));
    options.addOption(value("device", "N", "number of the GPU, with --backend cuda"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    String system = argument(line);
    if (!system.equals(SYSTEM)) {
      throw new InputException(
          "simulate: unknown system '%s'; valid: %s".formatted(system, SYSTEM));
    }
    long frames = number(line, "frames", 200_000, 2);
    if (frames > Integer.MAX_VALUE) {
      throw new InputException(
          "simulate: --frames <= %d does not hold: %d".formatted(Integer.MAX_VALUE, frames));
    }
    long seed = number(line, "seed", 0, Long.MIN_VALUE);
    Path out = Path.of(required(line, "out"));
    String backend = line.getOptionValue("backend", "java");
    int device = (int) Math.min(Integer.MAX_VALUE, number(line, "device", 0, 0));
    if (line.hasOption("device") && !backend.equals("cuda")) {
      throw new InputException("simulate: --device is for --backend cuda alone");
    }
    ThreeWell.Output files;
    if (backend.equals("java")) {
      files = simulate((int) frames, new PhiloxNoise(seed), out);
    } else if (backend.equals("cuda")) {
      try (CudaNoise noise = new CudaNoise(device, seed)) {
        files = simulate((int) frames, noise, out);
      }
    } else {
      throw new InputException(
          "simulate: --backend: one of java, cuda does not hold: '%s'".formatted(backend));
    }
    System.out.println(files.truth());
    System.out.println(files.observed());
    return 0;
  }

  static ThreeWell.Output simulate(int frames, NoiseSource noise, Path out) {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new InputException(out + ": cannot be created (" + e + "); give another --out", e);
    }
    return ThreeWell.simulate(frames, noise, out);
  }
}
