// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.testing.Dynae;
import io.dynae.train.StopSignal;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `dynae reproduce` on a small scale: its tables say what the single commands say. */
class ReproduceTest {
  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
  }

  private static String[] arguments(String system, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "reproduce",
                system,
                "--out",
                out,
                "--backend",
                "java",
                "--seeds",
                "2",
                "--set",
                "batch_size=32"));
    arguments.addAll(Arrays.asList(more));
    return arguments.toArray(String[]::new);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  @Test
  void theTableIsWhatEvaluateSaysAndResumingTrainsNothingAgain() {
    String[] small = {"max_epochs=3", "min_dist=3", "--models", "dynae", "--frames", "3000"};
    Dynae.Result result = work.dynae(arguments("three-well", "wells", small));
    assertEquals(0, result.code(), result.stderr());
    JsonObject row =
        json(work.text("wells/table1.json")).getAsJsonArray("rows").get(0).getAsJsonObject();
    double[] fvu = new double[2];
    for (int seed = 0; seed < 2; seed++) {
      JsonObject run = row.getAsJsonArray("runs").get(seed).getAsJsonObject();
      Dynae.Result evaluated =
          work.dynae(
              "evaluate",
              "wells/three-well/dynae/seed=" + seed,
              "--backend",
              "java",
              "--truth",
              "wells/three-well/data/true.npy");
      JsonObject alone = json(evaluated.stdout());
      for (String measure : List.of("lz_sigma_units", "fvu", "fvu_at_scale")) {
        assertEquals(alone.get(measure), run.get(measure), measure);
      }
      fvu[seed] = alone.get("fvu").getAsDouble();
    }
    double mean = (fvu[0] + fvu[1]) / 2;
    assertEquals(mean, row.get("fvu_mean").getAsDouble(), 1e-12);
    assertEquals(Math.abs(fvu[0] - fvu[1]) / Math.sqrt(2), row.get("fvu_sd").getAsDouble(), 1e-12);
    assertCsvIs(row, work.text("wells/table1.csv"));
    assertEquals(work.text("wells/table1.md"), result.stdout());
    for (String figure : List.of("figure2", "figure3")) {
      assertTrue(work.bytes("wells/three-well/figures/" + figure + ".png").length > 10_000);
    }
    assertTrue(work.bytes("wells/table1.png").length > 1000);
    assertTrue(work.text("wells/table1.svg").contains("three-well"));
    assertTrue(result.stdout().contains("| three-well | DynAE | 2 of 2 |"), result.stdout());

    // Keys are the same in any case, and so are those that --quick replaces.
    small[0] = "Max_Epochs=3";
    String[] again = Arrays.copyOf(small, small.length + 2);
    again[small.length] = "--resume";
    again[small.length + 1] = "--quick";
    Dynae.Result resumed = work.dynae(arguments("three-well", "wells", again));
    assertEquals(0, resumed.code(), resumed.stderr());
    assertEquals(result.stdout(), resumed.stdout());
    assertFalse(resumed.stderr().contains("simulating"), resumed.stderr());
    assertFalse(resumed.stderr().contains("epoch 1/"), resumed.stderr());

    again[5] = "3001";
    work.assertRefused(
        work.dynae(arguments("three-well", "wells", again)), "simulation.json", "3000", "3001");
  }

  private static void assertCsvIs(JsonObject row, String csv) {
    String[] lines = csv.split("\n");
    assertEquals(2, lines.length);
    String[] columns = lines[0].split(",");
    String[] cells = lines[1].split(",", -1);
    assertEquals(columns.length, cells.length);
    for (int i = 0; i < columns.length; i++) {
      assertEquals(row.has(columns[i]) ? row.get(columns[i]).getAsString() : "", cells[i]);
    }
  }

  @Test
  void moviesAreTrainedOnAndDrawn() {
    Dynae.Result result =
        work.dynae(
            arguments(
                "dna",
                "movie",
                "max_epochs=3",
                "min_dist=100",
                "neuron_num1=16",
                "neuron_num2=16",
                "--models",
                "dynae",
                "--pixels",
                "16",
                "--frames",
                "400"));
    assertEquals(0, result.code(), result.stderr());
    assertTrue(result.stdout().contains("| dna | DynAE | 2 of 2 |"), result.stdout());
    assertTrue(work.bytes("movie/dna/figures/figure5.png").length > 1000);
    assertTrue(work.text("movie/dna/figures/figure5.svg").contains("along z2"));
  }

  /**
   * 1000 at 16 x 16 is 16,000 at 64 x 64, and 256 features are 256 maps of 1 x 1, not 16 of 4 x 4.
   */
  @Test
  void examplesAreResizedToTheImages() {
    Example example = new Example("dsprites-2", Example.Contender.DYNAE);
    assertEquals(List.of(), ImageExperiment.resized(images(64), example));
    assertEquals(
        List.of("beta=[1000.0]", "neuron_num1=[4096]"),
        ImageExperiment.resized(images(16), example));
    assertEquals(
        List.of("beta=[9000.0]", "neuron_num1=[448]"),
        ImageExperiment.resized(images(48), example));
    assertEquals(
        List.of("beta=[1000.0]"),
        ImageExperiment.resized(
            images(16, "encoder_type=fc_encoder", "decoder_type=fc_decoder"), example),
        "dense nets have the width they are given");
  }

  private static Reproduction images(int pixels, String... settings) {
    return new Reproduction(
        folder, false, false, 5, 0, pixels, List.of(), List.of(settings), null, new StopSignal());
  }

  @Test
  void modelsThatDivergeAreInTheTable() {
    Dynae.Result result =
        work.dynae(
            arguments(
                "three-well",
                "rates",
                "learning_rate=1e4",
                "max_epochs=2",
                "--models",
                "dynae",
                "--frames",
                "3000"));
    assertEquals(4, result.code(), result.stderr());
    assertTrue(
        result.stdout().contains("| 0 of 2 (seed=0 diverged, seed=1 diverged) | none trained |"),
        result.stdout());
    assertTrue(work.text("rates/table1.json").contains("learning_rate (10000.0)"));
  }

  /** A torus of two angles that wander: its frames are what its dihedrals say. */
  @Test
  void dihedralsAreRecoveredFromFramesHeldOut() {
    int frames = 3000;
    float[] angles = new float[2 * frames];
    float[] rows = new float[4 * frames];
    Random random = new Random(1);
    for (int n = 0; n < frames; n++) {
      for (int i = 0; i < 2; i++) {
        double last = n == 0 ? -1.5 : angles[2 * (n - 1) + i];
        double angle = last - 0.05 * (last + 1.5) + 0.25 * random.nextGaussian();
        angles[2 * n + i] = (float) angle;
        rows[4 * n + 2 * i] = (float) Math.cos(angle);
        rows[4 * n + 2 * i + 1] = (float) Math.sin(angle);
      }
    }
    NpyWriter.write(folder.resolve("x.npy"), rows, frames, 4);
    NpyWriter.write(folder.resolve("angles.npy"), angles, frames, 2);
    String[] data = {
      "max_epochs=15", "weight_averaging=0.9", "--data", "x.npy", "--dihedrals", "angles.npy"
    };
    Dynae.Result result = work.dynae(arguments("alanine", "peptide", data));
    assertEquals(0, result.code(), result.stderr());
    JsonObject recovery = json(work.text("peptide/alanine/recovery.json"));
    double mean = recovery.get("r_squared_mean").getAsDouble();
    assertTrue(mean > 0.8 && mean <= 1, "R^2 " + mean);
    assertTrue(result.stdout().contains("2 of 2 seeds trained"), result.stdout());
    assertTrue(work.bytes("peptide/alanine/figures/figure4.png").length > 10_000);
    // 30 stretches of 100 frames, 99 pairs: the last 20 of each are held out.
    int predicted =
        recovery.getAsJsonArray("runs").get(0).getAsJsonObject().get("frames_predicted").getAsInt();
    assertEquals(600, predicted);
    Dynae.Result other =
        work.dynae(arguments("alanine", "other", "--data", "x.npy", "--dihedrals", "x.npy"));
    work.assertRefusedAtOnce(other, "x.npy: columns = 2", "4");
  }

  @Test
  void badUsageIsRefusedBeforeAnythingIsWritten() {
    work.assertRefusedAtOnce(
        work.dynae(arguments("table2", "bad")), "table1, three-well", "table2");
    work.assertRefusedAtOnce(
        work.dynae(arguments("three-well", "bad", "--models", "vae")), "beta-vae", "'vae'");
    work.assertRefusedAtOnce(
        work.dynae(arguments("three-well", "bad", "--pixels", "32")), "--pixels", "three-well");
    work.assertRefusedAtOnce(work.dynae(arguments("alanine", "bad")), "--data", "dynae align");
    work.assertRefusedAtOnce(
        work.dynae(arguments("alanine", "bad", "--models", "swae")), "dynae", "--models");
    work.assertRefusedAtOnce(
        work.dynae("reproduce", "three-well", "--out", "bad", "--seeds", "1001"),
        "--seeds <= 1000",
        "1001");
    work.assertRefusedAtOnce(
        work.dynae(arguments("three-well", "bad", "--seeds", "3")), "--seeds given once", "2, 3");
    work.assertRefusedAtOnce(
        work.dynae(arguments("three-well", "bad", "SaveTrajResults=False")), "SaveTrajResults");
    work.assertRefusedAtOnce(
        work.dynae(arguments("dna", "bad", "max_epochs=2")), "max_epochs >= warmup_epochs + 2");
    work.assertRefusedAtOnce(
        work.dynae(arguments("alanine", "bad", "--data", "sim/true.npy")), "--dihedrals");
    work.assertRefusedAtOnce(
        work.dynae(arguments("three-well", "bad", "beta=-1")), "beta >= 0", "-1");
    // Each alone is right; only beside the example's other settings they are not.
    work.assertRefusedAtOnce(
        work.dynae(arguments("dna", "bad", "decoder_type=fc_decoder")), "deconv_decoder");
    work.assertRefusedAtOnce(
        work.dynae(arguments("dna", "bad", "neuron_num1=[100]")), "multiple of 16", "100");
    work.assertRefusedAtOnce(
        work.dynae(arguments("table1", "bad", "--pixels", "20")), "--pixels", "'20'");
    work.assertRefusedAtOnce(
        work.dynae(arguments("three-well", "bad", "--frames", "3000000000")),
        "--frames <= 2147483647",
        "3000000000");
    work.assertRefusedAtOnce(work.dynae(arguments("three-well", "sim")), "sim: holds another run");
    work.assertAbsent("bad");
  }
}
