// SPDX-License-Identifier: MIT
package io.dynae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.check.Agreement;
import io.dynae.check.BenchConfig;
import io.dynae.check.MismatchException;
import io.dynae.check.WrongBackend;
import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.error.InputException;
import io.dynae.testing.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command with little effort, its JSON, and that wrong results are never timed. */
class BenchTest {
  private static final List<String> ORIGIN =
      List.of(
          "schema", "bench", "backend", "device", "driver", "java", "commit", "config", "seed",
          "date");

  @TempDir Path folder;

  private record Result(int code, String output, String errors) {}

  /** In a JVM of its own, as people run it. */
  private Result dynae(String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.dynae.cli.Main");
    builder.command().addAll(List.of(arguments));
    Process process =
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "did not end");
      return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void trainingWritesJsonAndComparesWithAnEarlierOne() throws Exception {
    Path json = folder.resolve("training.json");
    Result first =
        dynae(
            "bench",
            "training",
            "--backend",
            "java",
            "--seconds",
            "0.2",
            "--json",
            json.toString());
    assertEquals(0, first.code(), first.errors());
    JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    ORIGIN.forEach(key -> assertTrue(result.has(key), key));
    assertEquals("three-well", result.getAsJsonObject("config").get("name").getAsString());
    JsonObject us = result.getAsJsonObject("us_per_step");
    assertTrue(us.get("count").getAsInt() >= 3);
    assertTrue(us.get("min").getAsDouble() > 0);
    assertTrue(us.get("median").getAsDouble() >= us.get("min").getAsDouble());
    assertEquals(
        1e6 / us.get("min").getAsDouble(), result.get("steps_per_second").getAsDouble(), 1);
    assertTrue(result.get("steps_per_launch").getAsInt() >= 1);

    Path several = folder.resolve("several.json");
    Result second =
        dynae(
            "bench",
            "training",
            "--backend",
            "java",
            "--seconds",
            "0.05",
            "--models",
            "1,3",
            "--json",
            several.toString());
    assertEquals(0, second.code(), second.errors());
    Results read = Results.read(several, "training");
    JsonObject three = read.of(BenchConfig.named("three-well"), 3);
    double step = three.getAsJsonObject("us_per_step").get("min").getAsDouble();
    double modelStep = three.getAsJsonObject("us_per_model_step").get("min").getAsDouble();
    assertEquals(1, 3 * modelStep / step, 1e-3);
    assertThrows(InputException.class, () -> read.of(BenchConfig.named("d30"), 3));

    Result third =
        dynae(
            "bench",
            "training",
            "--backend",
            "java",
            "--seconds",
            "0.05",
            "--models",
            "3,1",
            "--compare",
            several.toString());
    assertEquals(0, third.code(), third.errors());
    assertEquals(
        2, third.output().lines().filter(l -> l.contains("times as fast")).count(), third.output());

    Result fourth =
        dynae(
            "bench",
            "training",
            "--backend",
            "java",
            "--models",
            "2",
            "--compare",
            json.toString());
    assertEquals(2, fourth.code());
    assertTrue(
        fourth.errors().contains("config = three-well with 2 models does not hold"),
        fourth.errors());

    Result other = dynae("bench", "kernels", "--backend", "java", "--compare", json.toString());
    assertEquals(2, other.code());
    assertTrue(other.errors().contains("bench = kernels does not hold: training"), other.errors());
  }

  @Test
  void distancesAreMeasuredAtTheSizesAskedFor() throws Exception {
    Path json = folder.resolve("swd.json");
    Result result =
        dynae(
            "bench",
            "swd",
            "--backend",
            "java",
            "--sizes",
            "K1-N50-d2-L4,K2-N30-d1-L2",
            "--seconds",
            "0.01",
            "--json",
            json.toString());
    assertEquals(0, result.code(), result.errors());
    assertTrue(result.output().contains("K2-N30-d1-L2"), result.output());
    assertEquals(
        2,
        JsonParser.parseString(Files.readString(json))
            .getAsJsonObject()
            .getAsJsonArray("results")
            .size());
    assertEquals(2, dynae("bench", "swd", "--config", "d30").code());
    assertEquals(2, dynae("bench", "training", "--sizes", "all").code());
  }

  @Test
  void everyOperationAgreesWithJavaAndHasItsNumbers() {
    BenchConfig config = BenchConfig.named("three-well");
    try (Backend backend = new JavaBackend(2)) {
      JsonObject result =
          KernelBench.run(config, backend, Rates.ofJava(), false, 1, 0.001, progress -> {});
      ORIGIN.forEach(key -> assertTrue(result.has(key), key));
      assertTrue(rate(result, "copy", "gb_per_second") > 0);
      assertTrue(rate(result, "multiply_add", "gflop_per_second") > 0);
      JsonArray rows = result.getAsJsonArray("operations");
      assertEquals(config.model(backend).plan().operations().size(), rows.size());
      for (JsonElement row : rows) {
        assertTrue(
            row.getAsJsonObject().getAsJsonObject("us").get("min").getAsDouble() > 0,
            row.toString());
      }
      JsonObject forward =
          rows.asList().stream()
              .map(JsonElement::getAsJsonObject)
              .filter(row -> row.get("name").getAsString().equals("encoder_1_forward"))
              .findFirst()
              .orElseThrow();
      // 512 rows, 32 inputs, 32 outputs, two flops each.
      double flops = forward.get("gflop_per_second").getAsDouble() * 1e3;
      double us = forward.getAsJsonObject("us").get("min").getAsDouble();
      assertEquals(2 * 512 * 32 * 32, flops * us, 1e3);
      assertTrue(ResultTable.of(result, result).contains("encoder_1_forward"));
    }
  }

  private static double rate(JsonObject result, String what, String key) {
    JsonArray rates = result.getAsJsonObject("rates").getAsJsonArray(what);
    return rates.get(0).getAsJsonObject().get(key).getAsDouble();
  }

  @Test
  void wrongResultsAreNotTimed() {
    BenchConfig config = BenchConfig.named("three-well");
    try (Backend wrong = new WrongBackend(new JavaBackend(1), 1.001f, 0)) {
      MismatchException kernels =
          assertThrows(
              MismatchException.class,
              () -> KernelBench.run(config, wrong, Rates.ofJava(), false, 1, 0.001, p -> {}));
      assertTrue(kernels.getMessage().startsWith("langevin_noise: "), kernels.getMessage());
      MismatchException training =
          assertThrows(
              MismatchException.class,
              () -> TrainingBench.run(config, wrong, 1, 1, 0.001, false, p -> {}));
      assertTrue(training.getMessage().startsWith("losses["), training.getMessage());
    }
  }

  @Test
  void theLastOfSeveralModelsIsVerified() {
    BenchConfig config = BenchConfig.named("three-well");
    try (Backend wrong = new WrongBackend(new JavaBackend(1), 1.001f, 2)) {
      MismatchException mismatch =
          assertThrows(
              MismatchException.class,
              () -> TrainingBench.run(config, wrong, 3, 1, 0.001, false, p -> {}));
      assertTrue(mismatch.getMessage().startsWith("losses of model 2["), mismatch.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENCL", "OPENCL_PHASES"})
  void devicesTimeTheirLaunches(Backends backend) {
    try (Backend opened = backend.open()) {
      JsonObject result =
          TrainingBench.run(BenchConfig.named("three-well"), opened, 2, 1, 0.01, false, p -> {});
      double onDevice = result.getAsJsonObject("us_per_step_on_device").get("min").getAsDouble();
      double wall = result.getAsJsonObject("us_per_step").get("median").getAsDouble();
      assertTrue(onDevice > 0 && onDevice <= wall, onDevice + " us on the device, " + wall);
    }
  }

  @Test
  void valuesThatAreNotFiniteNeverAgree() {
    float[] one = {1, Float.NaN};
    assertThrows(MismatchException.class, () -> Agreement.require("x", one, one, 1, 1));
  }

  @Test
  void nearTiesMayExchangeTheirPartnersAndNothingElse() {
    float[] reference = new float[2000];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = i;
    }
    float[] exchanged = reference.clone();
    exchanged[7] = 8;
    exchanged[8] = 7;
    Agreement.requireUpToTies("gap", exchanged, reference, 1000, 1e-6, 1e-6);
    float[] wrong = reference.clone();
    wrong[7] = 9;
    assertThrows(
        MismatchException.class,
        () -> Agreement.requireUpToTies("gap", wrong, reference, 1000, 1e-6, 1e-6));
    float[] reversed = new float[2000];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = reference[i / 1000 * 1000 + 999 - i % 1000];
    }
    assertThrows(
        MismatchException.class,
        () -> Agreement.requireUpToTies("gap", reversed, reference, 1000, 1e-6, 1e-6));
  }

  @Test
  void unknownShapeNamesTheValidOnes() {
    InputException e = assertThrows(InputException.class, () -> BenchConfig.named("d3"));
    assertEquals(
        "--config: one of three-well, d30, d300, images-1x64, images-3x64, h{32,64,128}-b{256,1024,4096}, all does not hold: 'd3'",
        e.getMessage());
  }

  @Test
  void costsFollowTheShapes() {
    BenchConfig config = BenchConfig.named("three-well");
    try (Backend backend = new JavaBackend(1)) {
      var model = config.model(backend);
      var operations = model.plan().operations();
      for (var operation : operations) {
        OperationCost cost = OperationCost.of(operation, config, model);
        assertTrue(cost.floats() > 0 || operation.name().equals("losses"), operation.name());
        if (operation.name().equals("log_diffusion_1_gradient")) {
          assertEquals(2L * 3 * 256 * 32 * 32 + 256 * 32, cost.flops());
          assertEquals(3L * 256 * 64 + 32 * 32 + 32, cost.floats());
        }
      }
    }
  }
}
