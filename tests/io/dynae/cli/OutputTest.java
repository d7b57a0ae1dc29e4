// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.testing.Dynae;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes where: results to stdout, progress and messages to stderr. */
class OutputTest {
  @TempDir private static Path folder;
  private static Workspace work;
  private static Dynae.Result training;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    training = work.dynae(training("run"));
    assertEquals(0, training.code(), training.stderr());
  }

  @Test
  void progressIsPlainLinesOnStderr() {
    assertEquals("", training.stdout());
    assertTrue(training.stderr().contains("epoch 3/3"), training.stderr());
    List<String> lines = training.stderr().lines().toList();
    assertEquals("3,000 frames of 2 features, 1 trajectory", lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(line.startsWith("epoch "), line);
    }
    assertFalse(training.stderr().matches("(?s).*[\r\u001b%|].*"), training.stderr());
  }

  /** The only launch ends the only epoch: its progress and the epoch's end are the same line. */
  @Test
  void theLastEpochIsToldOnce() {
    Dynae.Result one = work.dynae(training("one", "--set", "max_epochs=1", "batch_size=256"));
    assertEquals(0, one.code(), one.stderr());
    List<String> lines = one.stderr().lines().toList();
    assertEquals(lines.stream().distinct().toList(), lines);
    assertTrue(lines.get(lines.size() - 1).startsWith("epoch 1/1 step 9/9"), one.stderr());
  }

  @Test
  void settingsThatAreHardlyMeantAreNamedBeforeATraining() {
    Dynae.Result wide = work.dynae(training("wide", "--set", "d=3", "max_epochs=1"));
    assertEquals(0, wide.code(), wide.stderr());
    List<String> notes = wide.stderr().lines().skip(1).limit(2).toList();
    assertTrue(notes.get(0).startsWith("d <= features of the data does not hold: 3, 2;"));
    assertTrue(notes.get(1).startsWith("warmup_epochs < max_epochs does not hold: 1, 1;"));
    Dynae.Result swept =
        work.dynae(
            "sweep small.ini --backend java --out sweep --set d=3 seed=[1,2] max_epochs=2"
                .split(" "));
    assertEquals(0, swept.code(), swept.stderr());
    assertEquals(1, swept.stderr().lines().filter(notes.get(0)::equals).count(), swept.stderr());
    assertFalse(swept.stderr().contains("warmup_epochs"), swept.stderr());
  }

  @Test
  void evaluationIsJson() {
    Dynae.Result result = evaluate("--truth", "sim/true.npy");
    JsonObject json = JsonParser.parseString(result.stdout()).getAsJsonObject();
    assertEquals("", result.stderr());
    assertEquals(3, json.get("epochs").getAsInt());
    assertEquals(Workspace.FRAMES, json.get("frames").getAsInt());
    // 2999 pairs, of which the first 2399 train.
    assertEquals(600, json.get("pairs").getAsInt());
    JsonObject losses = json.getAsJsonObject("losses");
    double sum =
        losses.get("reconstruction").getAsDouble()
            + 10 * losses.get("regularization").getAsDouble();
    assertEquals(sum, losses.get("loss").getAsDouble(), 1e-9 * sum);
    for (String key : List.of("lz", "lz_sigma_units", "fvu", "scale")) {
      double value = json.get(key).getAsDouble();
      assertTrue(Double.isFinite(value) && value > 0, key + " " + value);
    }
    // A rotation and a shift at best explain nothing, never less.
    assertTrue(json.get("fvu").getAsDouble() <= 1 + 1e-6);
  }

  @Test
  void fewerPairsThanABatchCanBeEvaluated() {
    work.dynae("simulate", "three-well", "--frames", "20", "--seed", "9", "--out", "few");
    Dynae.Result result = evaluate("--data", "few/observed.npy");
    assertEquals(0, result.code(), result.stderr());
    JsonObject json = JsonParser.parseString(result.stdout()).getAsJsonObject();
    assertEquals(19, json.get("pairs").getAsInt());
  }

  private static Dynae.Result evaluate(String option, String value) {
    Dynae.Result result = work.dynae("evaluate", "run", "--backend", "java", option, value);
    assertEquals(0, result.code(), result.stderr());
    return result;
  }

  @Test
  void filesWrittenAreNamedOnStdout() {
    Dynae.Result simulated = work.dynae("simulate", "three-well", "--frames", "9", "--out", "nine");
    assertEquals(
        Stream.of("true.npy", "observed.npy", "frames.png")
            .map(name -> Path.of("nine", name).toString())
            .toList(),
        simulated.stdout().lines().toList());
    assertEquals("", simulated.stderr());
    Dynae.Result embedded =
        work.dynae(
            "embed", "run", "--data", "nine/observed.npy", "--backend", "java", "--out", "z.npy");
    assertEquals("z.npy", embedded.stdout().strip());
    assertEquals("", embedded.stderr());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "help",
        "train --help",
        "embed --help",
        "evaluate --help",
        "simulate --help",
        "align --help",
        "demo --help",
        "devices --help",
        "--version"
      })
  void helpIsAResult(String line) {
    Dynae.Result result = work.dynae(line.split(" "));
    assertEquals(0, result.code());
    assertEquals("", result.stderr());
    assertTrue(result.stdout().contains("dynae"), result.stdout());
  }
}
