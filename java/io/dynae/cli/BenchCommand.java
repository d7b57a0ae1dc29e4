// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.bench.KernelBench;
import io.dynae.bench.Rates;
import io.dynae.bench.ResultTable;
import io.dynae.bench.Results;
import io.dynae.bench.SwdBench;
import io.dynae.bench.SwdSize;
import io.dynae.bench.SwdTable;
import io.dynae.bench.TrainingBench;
import io.dynae.check.BenchConfig;
import io.dynae.check.MismatchException;
import io.dynae.compute.Backend;
import io.dynae.compute.cuda.CudaDevice;
import io.dynae.compute.device.Device;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code dynae bench}: how fast the step or its operations are, verified before they are timed. */
final class BenchCommand extends Command {
  private static final int MISMATCH = 1;
  private static final long SEED = 1;

  BenchCommand() {
    super(
        "bench",
        "training|kernels|swd",
        "verifies and times the step, its operations, or distances");
  }

  @Override
  Options options() {
    Options options = TeamOption.addTo(BackendChoice.addTo(new Options()));
    options.addOption(
        value(
            "config",
            "NAMES",
            "shapes of the step, by commas: " + BenchConfig.names() + "; first by default"));
    options.addOption(
        value("models", "K", "training: models side by side, such as 1,8,132; 1 by default"));
    options.addOption(
        Option.builder()
            .longOpt("tensor-cores")
            .desc("training: convolutions on tensor cores, in TF32, after float32 was verified")
            .get());
    options.addOption(
        Option.builder()
            .longOpt("wide")
            .desc("kernels: the whole device shares an operation, not the team of one model")
            .get());
    options.addOption(
        value(
            "sizes",
            "NAMES",
            "swd: all, or sizes such as K1-N256-d2-L50, by commas; the lesser ones on a CPU by"
                + " default"));
    options.addOption(
        value(
            "seconds", "S", "to time for: 3 for training, 0.2 for a kernel, 1 for swd by default"));
    options.addOption(value("json", "FILE", "writes the result there too"));
    options.addOption(value("compare", "FILE", "prints the ratio to an earlier result"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    String bench = argument(line);
    if (bench.equals("swd")) {
      return distances(line);
    }
    if (!bench.equals("training") && !bench.equals("kernels")) {
      throw new InputException(
          "bench: one of training, kernels, swd does not hold: '%s'".formatted(bench));
    }
    refuse(line, "sizes", bench);
    boolean training = bench.equals("training");
    refuse(line, training ? "wide" : "models", bench);
    if (!training) {
      refuse(line, "tensor-cores", bench);
    }
    List<BenchConfig> configs = BenchConfig.listed(line.getOptionValue("config", "three-well"));
    List<Integer> models = models(line);
    double seconds = seconds(line, training ? 3 : 0.2);
    List<Run> runs = new ArrayList<>();
    configs.forEach(config -> models.forEach(k -> runs.add(new Run(config, k))));
    List<JsonObject> earlier = earlier(line, bench, runs);
    List<JsonObject> results = new ArrayList<>();
    try (Backend backend = BackendChoice.open(this, line)) {
      for (Run run : runs) {
        JsonObject result =
            training
                ? TrainingBench.run(
                    run.config(),
                    backend,
                    run.models(),
                    SEED,
                    seconds,
                    line.hasOption("tensor-cores"),
                    System.err::println)
                : kernels(run.config(), backend, line, seconds);
        JsonObject before = earlier.isEmpty() ? null : earlier.get(results.size());
        results.add(result);
        System.out.print(ResultTable.of(result, before));
        save(line, results);
      }
    } catch (MismatchException e) {
      System.err.println("dynae: " + e.getMessage());
      return MISMATCH;
    }
    return 0;
  }

  private int distances(CommandLine line) {
    for (String option : List.of("config", "models", "wide", "tensor-cores")) {
      refuse(line, option, "swd");
    }
    double seconds = seconds(line, 1);
    String sizes = line.getOptionValue("sizes");
    List<SwdSize> asked = sizes == null ? null : SwdSize.listed(sizes);
    Results earlier =
        line.hasOption("compare")
            ? Results.read(Path.of(line.getOptionValue("compare")), "swd")
            : null;
    List<JsonObject> results = new ArrayList<>();
    try (Backend backend = BackendChoice.open(this, line)) {
      for (SwdSize size : asked == null ? SwdSize.usual(backend.name()) : asked) {
        JsonObject result = SwdBench.run(size, backend, SEED, seconds, System.err::println);
        if (results.isEmpty()) {
          System.out.print(SwdTable.head(result));
        }
        results.add(result);
        System.out.print(
            SwdTable.line(result, earlier == null ? null : earlier.named(size.name())));
        save(line, results);
      }
    } catch (MismatchException e) {
      System.err.println("dynae: " + e.getMessage());
      return MISMATCH;
    }
    return 0;
  }

  /** Writes what was measured so far: a later row may run out of time or memory. */
  private static void save(CommandLine line, List<JsonObject> results) {
    if (line.hasOption("json")) {
      AtomicFile.writeString(Path.of(line.getOptionValue("json")), Results.json(results));
    }
  }

  /** What is measured in one go. */
  private record Run(BenchConfig config, int models) {}

  /** The earlier result of each run, or none; looked up before anything is measured. */
  private static List<JsonObject> earlier(CommandLine line, String bench, List<Run> runs) {
    if (!line.hasOption("compare")) {
      return List.of();
    }
    Results earlier = Results.read(Path.of(line.getOptionValue("compare")), bench);
    return runs.stream().map(run -> earlier.of(run.config(), run.models())).toList();
  }

  private static void refuse(CommandLine line, String option, String bench) {
    if (line.hasOption(option)) {
      throw new InputException("bench: --%s is no option of `bench %s`".formatted(option, bench));
    }
  }

  private JsonObject kernels(
      BenchConfig config, Backend backend, CommandLine line, double seconds) {
    boolean wide = line.hasOption("wide");
    int number = BackendChoice.device(this, line);
    if (backend.name().equals("java")) {
      return KernelBench.run(
          config, backend, Rates.ofJava(), wide, SEED, seconds, System.err::println);
    }
    try (Device device =
        backend.name().equals("cuda")
            ? CudaDevice.open(Math.max(0, number))
            : OpenClDevice.open(number)) {
      Rates.Source rates = Rates.ofDevice(device);
      return KernelBench.run(config, backend, rates, wide, SEED, seconds, System.err::println);
    }
  }

  private static List<Integer> models(CommandLine line) {
    List<Integer> models = new ArrayList<>();
    for (String word : line.getOptionValue("models", "1").split(",", -1)) {
      try {
        models.add(Integer.parseInt(word.strip()));
      } catch (NumberFormatException e) {
        throw new InputException(
            "bench: --models: whole numbers such as 1,8 do not hold: '%s'".formatted(word), e);
      }
      if (models.get(models.size() - 1) < 1) {
        throw new InputException("bench: --models >= 1 does not hold: " + word);
      }
    }
    return models;
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
