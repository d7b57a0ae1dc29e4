// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.Backend;
import io.dynae.compute.cuda.CudaDevice;
import io.dynae.compute.cuda.CudaGpu;
import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.compute.team.TeamRequest;
import io.dynae.error.DeviceException;
import io.dynae.error.InputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Chooses a backend: the one asked for, or the fastest that works. */
final class BackendChoice {
  private static final List<String> NAMES = List.of("auto", "cuda", "opencl", "java");
  private static final String VALID = String.join(", ", NAMES);

  private BackendChoice() {}

  /** Adds {@code --backend} and {@code --device}. */
  static Options addTo(Options options) {
    return addTo(options, "auto takes the fastest that works (default)");
  }

  /**
   * Adds them.
   *
   * @param auto what auto, the default, does
   */
  static Options addTo(Options options, String auto) {
    options.addOption(Command.value("backend", "NAME", VALID + "; " + auto));
    options.addOption(
        Command.value(
            "device",
            "N",
            "number of the device, as `dynae devices` lists them; without it opencl takes the first"
                + " GPU, else its first device, and cuda the first GPU that CUDA_VISIBLE_DEVICES"
                + " leaves"));
    return options;
  }

  /**
   * Checks the two options without opening anything, so that a slip costs no wait.
   *
   * @throws InputException for an unknown backend or a bad number
   */
  static void requireKnown(Command command, CommandLine line) {
    device(command, line);
    String name = line.getOptionValue("backend", "auto");
    if (!NAMES.contains(name)) {
      throw unknown(name);
    }
  }

  /** Number of the device asked for, -1 for the first. */
  static int device(Command command, CommandLine line) {
    return (int) Math.min(Integer.MAX_VALUE, command.number(line, "device", -1, 0));
  }

  private static InputException unknown(String name) {
    return new InputException("--backend: one of %s does not hold: '%s'".formatted(VALID, name));
  }

  /** Opens what the command line asks for. */
  static Backend open(Command command, CommandLine line) {
    TeamRequest team = TeamOption.of(command, line);
    String name = line.getOptionValue("backend", "auto");
    if (team.isSet() && !name.equals("cuda")) {
      throw new InputException(
          "--team, --threads and --squads are for --backend cuda: '%s'".formatted(name));
    }
    return open(name, device(command, line), team);
  }

  /**
   * Opens a backend.
   *
   * @param device number of the device, -1 for the first
   * @param team asked of the step kernel's teams
   * @throws DeviceException when the one asked for is not there
   */
  private static Backend open(String name, int device, TeamRequest team) {
    return switch (name) {
      case "java" -> java(device);
      case "opencl" -> new DeviceBackend(OpenClDevice.open(device), false);
      case "cuda" -> new DeviceBackend(CudaDevice.open(Math.max(0, device)), false, team);
      case "auto" -> fastest(device, team);
      default -> throw unknown(name);
    };
  }

  /** Opens a backend whose teams are chosen for it. */
  static Backend open(String name, int device) {
    return open(name, device, TeamRequest.NONE);
  }

  /** Opens a device backend that runs every model phase by phase, as it runs large ones. */
  static Backend openPhases(String name, int device) {
    return switch (name) {
      case "opencl" -> new DeviceBackend(OpenClDevice.open(device), true);
      case "cuda" -> new DeviceBackend(CudaDevice.open(Math.max(0, device)), true);
      default -> throw unknown(name);
    };
  }

  private static Backend java(int device) {
    if (device > 0) {
      throw new DeviceException(
          "java: device < 1 does not hold: " + device + "; plain Java has one, the processor");
    }
    return new JavaBackend();
  }

  private static Backend fastest(int device, TeamRequest team) {
    List<String> refusals = new ArrayList<>();
    // Most machines have no NVIDIA driver: only one that is there and fails is worth a line.
    for (String name : CudaGpu.driverInstalled() ? List.of("cuda", "opencl") : List.of("opencl")) {
      try {
        Backend backend = open(name, device, team);
        refusals.forEach(System.err::println);
        System.err.println("backend " + name + ": " + backend.description());
        return backend;
      } catch (DeviceException e) {
        refusals.add("backend " + name + ": not used: " + e.getMessage());
      }
    }
    refusals.forEach(System.err::println);
    // Not the processor where another device was meant.
    Backend backend = open("java", device, team);
    System.err.println("backend java: " + backend.description());
    return backend;
  }
}
