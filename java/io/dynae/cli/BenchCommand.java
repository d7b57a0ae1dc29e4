// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.dynae.bench.BenchConfig;
import io.dynae.bench.KernelBench;
import io.dynae.bench.MismatchException;
import io.dynae.bench.Rates;
import io.dynae.bench.ResultTable;
import io.dynae.bench.TrainingBench;
import io.dynae.compute.Backend;
import io.dynae.compute.Device;
import io.dynae.compute.cuda.CudaDevice;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.error.InputException;
import io.dynae.trajectory.AtomicFile;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae bench}: how fast the step or its operations are, verified before they are timed. */
final class BenchCommand extends Command {
  private static final int MISMATCH = 1;
  private static final long SEED = 1;

  BenchCommand() {
    super("bench", "training|kernels", "verifies and times the training step or its operations");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(
        value(
            "config", "NAME", "shape of the step: " + BenchConfig.names() + "; first by default"));
    options.addOption(
        value("seconds", "S", "to time for: 3 for training, 0.2 for each kernel by default"));
    options.addOption(value("json", "FILE", "writes the result there too"));
    options.addOption(value("compare", "FILE", "prints the ratio to an earlier result"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    String bench = argument(line);
    if (!bench.equals("training") && !bench.equals("kernels")) {
      throw new InputException(
          "bench: one of training, kernels does not hold: '%s'".formatted(bench));
    }
    BenchConfig config = BenchConfig.named(line.getOptionValue("config", "three-well"));
    double seconds = seconds(line, bench.equals("training") ? 3 : 0.2);
    JsonObject earlier =
        line.hasOption("compare")
            ? ResultTable.earlier(Path.of(line.getOptionValue("compare")), bench, config)
            : null;
    JsonObject result;
    try (Backend backend = BackendChoice.open(this, line)) {
      result =
          bench.equals("training")
              ? TrainingBench.run(config, backend, SEED, seconds, System.err::println)
              : kernels(config, backend, line, seconds);
    } catch (MismatchException e) {
      System.err.println("dynae: " + e.getMessage());
      return MISMATCH;
    }
    System.out.print(ResultTable.of(result, earlier));
    if (line.hasOption("json")) {
      String text = new GsonBuilder().setPrettyPrinting().create().toJson(result) + "\n";
      AtomicFile.writeString(Path.of(line.getOptionValue("json")), text);
    }
    return 0;
  }

  private JsonObject kernels(
      BenchConfig config, Backend backend, CommandLine line, double seconds) {
    int number = BackendChoice.device(this, line);
    if (backend.name().equals("java")) {
      return KernelBench.run(config, backend, Rates::ofJava, SEED, seconds, System.err::println);
    }
    try (Device device =
        backend.name().equals("cuda")
            ? CudaDevice.open(Math.max(0, number))
            : OpenClDevice.open(number)) {
      Rates.Source rates = (floats, s) -> Rates.ofDevice(device, floats, s);
      return KernelBench.run(config, backend, rates, SEED, seconds, System.err::println);
    }
  }

  private static double seconds(CommandLine line, double otherwise) {
    String value = line.getOptionValue("seconds");
    if (value == null) {
      return otherwise;
    }
    try {
      double seconds = Double.parseDouble(value);
      if (seconds > 0 && seconds <= 3600) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw new InputException(
          "bench: --seconds: a number does not hold: '%s'".formatted(value), e);
    }
    throw new InputException("bench: 0 < --seconds <= 3600 does not hold: " + value);
  }
}
