// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.report.SimulationPicture;
import io.dynae.simulation.KnownSystem;
import io.dynae.simulation.PhiloxNoise;
import io.dynae.simulation.Simulation;
import io.dynae.simulation.Systems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae simulate}: writes the trajectory of a known system. */
final class SimulateCommand extends Command {
  private static final List<String> CHOICES = List.of("pixels", "sprite", "shape");

  SimulateCommand() {
    super(
        "simulate",
        "SYSTEM",
        "writes true.npy and observed.npy of a known system: "
            + String.join(", ", Systems.names()));
  }

  @Override
  Options options() {
    Options options = new Options();
    options.addOption(value("frames", "N", "frames to write (default: enough to train on)"));
    options.addOption(value("seed", "S", "seed of the noise (default 0)"));
    options.addOption(value("out", "DIR", "directory for the two files and frames.png"));
    options.addOption(
        value(
            "pixels",
            "N",
            "width and height of frames that are pictures: 16, 32, 48, 64 (default)"));
    options.addOption(
        value("sprite", "NAME", "of dsprites-2 and dsprites-3: square, ellipse, heart (default)"));
    options.addOption(
        value("shape", "NAME", "of shapes3d: cube (default), sphere, cylinder, capsule"));
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
    Map<String, String> choices = new LinkedHashMap<>();
    for (String choice : CHOICES) {
      if (line.hasOption(choice)) {
        choices.put(choice, line.getOptionValue(choice));
      }
    }
    KnownSystem system = Systems.of(argument(line), choices);
    long frames = number(line, "frames", system.usualFrames(), 2);
    if (frames > Integer.MAX_VALUE) {
      throw new InputException(
          "simulate: --frames <= %d does not hold: %d".formatted(Integer.MAX_VALUE, frames));
    }
    long seed = number(line, "seed", 0, Long.MIN_VALUE);
    Path out = Path.of(required(line, "out"));
    for (String name : Simulation.FILES) {
      Outputs.requireNew(out.resolve(name));
    }
    String backend = line.getOptionValue("backend", "java");
    int device = (int) Math.min(Integer.MAX_VALUE, number(line, "device", 0, 0));
    if (line.hasOption("device") && !backend.equals("cuda")) {
      throw new InputException("simulate: --device is for --backend cuda alone");
    }
    Simulation.Output files;
    if (backend.equals("java")) {
      files = Simulation.run(system, (int) frames, new PhiloxNoise(seed), seed, out);
    } else if (backend.equals("cuda")) {
      try (CudaNoise noise = new CudaNoise(device, seed)) {
        files = Simulation.run(system, (int) frames, noise, seed, out);
      }
    } else {
      throw new InputException(
          "simulate: --backend: one of java, cuda does not hold: '%s'".formatted(backend));
    }
    Path picture = out.resolve("frames.png");
    SimulationPicture.write(system.images(), files, picture);
    System.out.println(files.truth());
    System.out.println(files.observed());
    System.out.println(picture);
    return 0;
  }
}
