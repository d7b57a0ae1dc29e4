// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.model.Checkpoint;
import io.dynae.model.ModelKind;
import io.dynae.testing.Dynae;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole commands with beta-VAE, SWAE and SDE-VAE: trained, resumed, swept, evaluated, embedded. */
class OtherModelsTest {
  private static final int STOPPED_EARLY = 75;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    work.dynae("simulate", "three-well", "--frames", "30000", "--out", "long");
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static String[] settings(String model, String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "--set";
    all[1] = "model=" + model;
    all[2] = "beta=0.1";
    System.arraycopy(more, 0, all, 3, more.length);
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"VAE", "SWAE", "SDEVAE"})
  void isTrainedEvaluatedAndEmbedded(String model) {
    Dynae.Result trained = work.dynae(training(model, settings(model, "max_epochs=6")));
    assertEquals(0, trained.code(), trained.stderr());
    // small.ini gives min_dist.
    String note = model + " does not read min_dist\n";
    assertTrue(trained.stderr().contains(note), trained.stderr());
    assertFalse(trained.stderr().contains("bins"), trained.stderr());
    work.assertAbsent(model + "/bin_centers.npy");
    Checkpoint state = Checkpoint.read(work.path(model + "/checkpoint.safetensors"));
    assertEquals(ModelKind.of(model), state.shape.kind());
    assertEquals(0, state.binCounts.length);

    List<JsonObject> lines =
        work.text(model + "/metrics.jsonl").lines().map(OtherModelsTest::json).toList();
    assertEquals(
        Set.of(
            "epoch",
            "steps",
            "steps_per_second",
            "learning_rate",
            "beta",
            "loss",
            "reconstruction",
            "regularization",
            "weights"),
        lines.get(0).keySet());
    assertEquals("last", lines.get(0).get("weights").getAsString());
    assertEquals(
        "running average", json(work.text(model + "/summary.json")).get("weights").getAsString());
    for (JsonObject line : lines) {
      // All frames or pairs once, at the configured rate and beta from the start.
      assertEquals(state.step / 6, line.get("steps").getAsInt());
      assertEquals(1e-3, line.get("learning_rate").getAsDouble());
      double sum =
          line.get("reconstruction").getAsDouble() + 0.1 * line.get("regularization").getAsDouble();
      assertEquals(sum, line.get("loss").getAsDouble(), 1e-12);
    }
    double first = lines.get(0).get("loss").getAsDouble();
    assertTrue(lines.get(5).get("loss").getAsDouble() < 0.8 * first, "loss from " + first);

    Dynae.Result evaluated =
        work.dynae("evaluate", model, "--truth", "sim/true.npy", "--backend", "java");
    JsonObject measured = json(evaluated.stdout());
    assertEquals(
        Set.of("loss", "reconstruction", "regularization"),
        measured.getAsJsonObject("losses").keySet());
    assertEquals(
        json(work.text(model + "/summary.json")).get("test_losses"), measured.get("losses"));
    double fvu = measured.get("fvu_at_scale").getAsDouble();
    assertTrue(fvu > 0 && fvu < 1, "fvu at scale " + fvu);

    String[] embed = {"embed", model, "--data", "sim/observed.npy", "--out", model + ".npy"};
    assertEquals(0, work.dynae(embed).code());
    assertArrayEquals(work.bytes(model + "/latent.npy"), work.bytes(model + ".npy"));
  }

  /** Batches of single frames lie otherwise in the list than pairs. */
  @Test
  void stoppedInTheMiddleOfAnEpochItEndsTheSame() {
    String[] more = settings("VAE", "max_epochs=2");
    String whole = "whole";
    String run = "stopped";
    assertEquals(0, work.dynae(longTraining(whole, more)).code());
    Dynae.Running running = Dynae.start(folder, longTraining(run, more));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal("TERM");
    Dynae.Result result = running.await();
    assertEquals(STOPPED_EARLY, result.code(), result.stderr());
    Checkpoint state = Checkpoint.read(work.path(run + "/checkpoint.safetensors"));
    assertTrue(state.epoch < 2 && state.stepInEpoch > 0, "epoch " + state.epoch);
    assertEquals(0, work.dynae(longTraining(run, more)).code());
    assertSameFiles(whole, run);
  }

  private static String[] longTraining(String run, String[] more) {
    String[] data = {"--resume", "--data", "long/observed.npy"};
    String[] all = new String[data.length + more.length];
    System.arraycopy(data, 0, all, 0, data.length);
    System.arraycopy(more, 0, all, data.length, more.length);
    return training(run, all);
  }

  private static void assertSameFiles(String one, String other) {
    for (String file : List.of("checkpoint.safetensors", "latent.npy")) {
      assertArrayEquals(work.bytes(one + "/" + file), work.bytes(other + "/" + file), file);
    }
  }

  @Test
  void aSweepGivesWhatEachModelGivesAlone() {
    Dynae.Result swept =
        work.dynae(
            "sweep",
            "small.ini",
            "--backend",
            "java",
            "--set",
            "model=SDE-VAE",
            "nu=[0.01, 0.5]",
            "beta=[0.1, 1]",
            "--truth",
            "sim/true.npy",
            "--out",
            "sweep");
    assertEquals(0, swept.code(), swept.stderr());
    assertTrue(swept.stderr().contains("4 models of one shape, 4 at once"), swept.stderr());
    work.train("alone", "--set", "model=SDEVAE", "nu=0.5", "beta=0.1");
    assertSameFiles("alone", "sweep/nu=0.5,beta=0.1");
    JsonArray models = json(work.text("sweep/sweep.json")).getAsJsonArray("models");
    for (int i = 0; i < models.size(); i++) {
      JsonObject row = models.get(i).getAsJsonObject();
      assertEquals("trained", row.get("status").getAsString());
      assertTrue(row.has("fvu") && !row.has("prior") && !row.has("bins"), row.toString());
    }
    assertFalse(work.text("sweep/sweep.csv").lines().skip(1).anyMatch(l -> l.contains("null")));
  }

  @Test
  void anotherModelsCheckpointIsRefused() {
    work.train("vae", settings("VAE"));
    work.assertRefused(
        work.dynae(training("vae", settings("SWAE", "--resume"))), "model = VAE", "model = SWAE");
  }
}
