// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.model.Checkpoint;
import io.dynae.testing.Dynae;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that diverges ends with exit code 4 and keeps the last state that was good. */
class DivergenceTest {
  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
  }

  private static void assertDiverged(Dynae.Result result) {
    assertEquals(4, result.code(), result.stderr());
    assertEquals("", result.stdout());
    assertEquals(1, result.errors().size(), result.stderr());
    String error = result.errors().get(0);
    assertTrue(
        error.matches("dynae: epoch \\d+, step \\d+: .*(loss|\\|z\\|).*learning_rate.*"), error);
    work.assertNoTemporaryFile();
  }

  @Test
  void inTheFirstEpochThereIsNoStateYet() {
    Dynae.Result result = work.dynae(training("first", "--set", "learning_rate=1e6"));
    assertDiverged(result);
    assertTrue(result.stderr().contains("epoch 0, step ") && result.stderr().contains("none yet"));
    work.assertAbsent("first/checkpoint.safetensors");
    work.assertAbsent("first/latent.npy");
    // Nothing was saved, so the name is free for other settings.
    work.train("first", "--set", "max_epochs=2");
    work.train("first", "--resume");
  }

  /** A loss that overflows, and gradients whose squares do while every loss is finite. */
  @ParameterizedTest
  @ValueSource(strings = {"learning_rate=1", "beta=1e30"})
  void laterTheLastGoodStateIsKept(String setting) {
    String run = setting.replaceAll("=.*", "");
    Dynae.Result result = work.dynae(training(run, "--set", setting, "warmup_beta_factor=0"));
    assertDiverged(result);
    assertTrue(result.stderr().contains("epoch 1, step "), result.stderr());
    assertTrue(result.stderr().contains(run + "/checkpoint.safetensors"), result.stderr());
    assertTrue(result.stderr().contains("in a new run, as --resume would"), result.stderr());
    assertGood(run);
    assertTrue(result.stderr().contains("results of 1 epoch are written"));
    JsonObject summary = JsonParser.parseString(work.text(run + "/summary.json")).getAsJsonObject();
    assertEquals(1, summary.get("epochs").getAsInt());
    assertTrue(summary.get("failure").getAsString().startsWith("epoch 1, step "));
    assertArrayEquals(work.bytes(run + "/latent.npy"), embedded(run));
    Dynae.Result again =
        work.dynae(training(run, "--resume", "--set", setting, "warmup_beta_factor=0"));
    assertDiverged(again);
    assertEquals(place(result), place(again));
    String advice = "--resume ends here each time, as it repeats the same steps: begin a new run";
    assertTrue(again.stderr().contains(advice), again.stderr());
    assertGood(run);
  }

  /** The latents of the checkpoint. */
  private static byte[] embedded(String run) {
    String out = run + "-again.npy";
    Dynae.Result result =
        work.dynae("embed", run, "--data", "sim/observed.npy", "--out", out, "--backend", "java");
    assertEquals(0, result.code(), result.stderr());
    return work.bytes(out);
  }

  @Test
  void aSweepWritesThemOfEachModel() {
    Dynae.Result result =
        work.dynae(
            "sweep",
            "small.ini",
            "--backend",
            "java",
            "--out",
            "some",
            "--set",
            "learning_rate=[0.001, 1]",
            "warmup_beta_factor=0");
    assertEquals(0, result.code(), result.stderr());
    JsonObject summary =
        JsonParser.parseString(work.text("some/learning_rate=1/summary.json")).getAsJsonObject();
    assertTrue(summary.get("failure").getAsString().startsWith("epoch 1, step "));
    assertTrue(work.bytes("some/learning_rate=1/latent.npy").length > 0);
    JsonObject trained =
        JsonParser.parseString(work.text("some/learning_rate=0.001/summary.json"))
            .getAsJsonObject();
    assertFalse(trained.has("failure"));
  }

  /** Epoch and step of an error. */
  private static String place(Dynae.Result result) {
    return result.errors().get(0).replaceAll("^(dynae: epoch \\d+, step \\d+).*", "$1");
  }

  /** The warm-up's own rate and share of beta are what the first epoch is trained with. */
  @Test
  void inTheWarmUpItsOwnSettingsAreNamed() {
    Dynae.Result warm = work.dynae(training("warm", "--set", "warmup_learning_rate=1e30"));
    assertDiverged(warm);
    String words = "lower warmup_learning_rate (1.0E30) or warmup_beta_factor (0.01)";
    assertTrue(warm.stderr().contains(words), warm.stderr());
    Dynae.Result other =
        work.dynae(training("unwarmed", "--set", "model=VAE", "learning_rate=1e30"));
    assertDiverged(other);
    assertTrue(other.stderr().contains("lower learning_rate (1.0E30) or beta"), other.stderr());
  }

  @Test
  void latentsThatOverflowAreFoundBeforeTheyAreClustered() {
    work.train("good");
    Checkpoint huge = Checkpoint.read(work.path("good/checkpoint.safetensors"));
    for (int i = 0; i < huge.parameters.length; i++) {
      huge.parameters[i] *= 1e12f;
    }
    huge.write(work.path("good/checkpoint.safetensors"));
    byte[] written = work.bytes("good/checkpoint.safetensors");
    Dynae.Result result = work.dynae(training("good", "--resume", "--set", "max_epochs=5"));
    assertDiverged(result);
    assertTrue(result.stderr().contains("epoch 3, step 0: largest |z|"), result.stderr());
    assertArrayEquals(written, work.bytes("good/checkpoint.safetensors"));
  }

  private static void assertGood(String run) {
    Dynae.Result evaluated = work.dynae("evaluate", run, "--backend", "java");
    assertEquals(0, evaluated.code(), evaluated.stderr());
    assertTrue(evaluated.stdout().contains("\"loss\""));
  }
}
