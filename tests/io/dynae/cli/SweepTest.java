// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.trainingOn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.testing.Backends;
import io.dynae.testing.Dynae;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sweep trains each model as `train` trains it alone, says so in a table, and can be stopped. */
class SweepTest {
  private static final int STOPPED_EARLY = 75;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
  }

  private static String[] sweep(String backend, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("sweep", "small.ini", "--backend", backend, "--out", out));
    arguments.addAll(Arrays.asList(more));
    return arguments.toArray(String[]::new);
  }

  private static JsonObject table(String out) {
    return JsonParser.parseString(work.text(out + "/sweep.json")).getAsJsonObject();
  }

  private static void assertSameFiles(String one, String other, String... names) {
    for (String name : names) {
      assertArrayEquals(work.bytes(one + "/" + name), work.bytes(other + "/" + name), name);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA", "OPENCL"})
  void everyModelIsAsTrainedAlone(Backends on) {
    on.open().close();
    String backend = on == Backends.JAVA ? "java" : "opencl";
    String out = "sweep-" + backend;
    Dynae.Result result =
        work.dynae(
            sweep(
                backend,
                out,
                "--truth",
                "sim/true.npy",
                "--models",
                "3",
                "--set",
                "seed=[0, 7]",
                "min_dist=[3, 2.5]",
                "neuron_num1=[32, 20]"));
    assertEquals(0, result.code(), result.stderr());
    assertEquals(8, table(out).getAsJsonArray("models").size());
    String[] lines = work.text(out + "/sweep.csv").split("\n");
    assertEquals(9, lines.length);
    assertTrue(lines[0].startsWith("neuron_num1,min_dist,seed,status,epochs,"), lines[0]);
    assertTrue(lines[1].startsWith("32,3,0,trained,3,"), lines[1]);
    assertTrue(lines[8].startsWith("20,2.5,7,trained,3,"), lines[8]);
    assertTrue(result.stdout().lines().count() == 9 && result.stdout().contains("fvu"));
    for (String width : List.of("32", "20")) {
      String alone = "alone-" + backend + width;
      String[] training =
          trainingOn(
              backend, alone, "--set", "min_dist=2.5", "neuron_num1=" + width, "--seed", "7");
      assertEquals(0, work.dynae(training).code());
      String model = out + "/neuron_num1=" + width + ",min_dist=2.5,seed=7";
      assertSameFiles(
          alone, model, "checkpoint.safetensors", "latent.npy", "bin_centers.npy", "config.ini");
      assertEquals(
          JsonParser.parseString(work.text(alone + "/summary.json")),
          JsonParser.parseString(work.text(model + "/summary.json")));
    }
    assertEvaluatedAlike(backend, out, 7);
    work.assertNoTemporaryFile();
  }

  /** The table's numbers are those that `evaluate` gives for the model's run. */
  private static void assertEvaluatedAlike(String backend, String out, int model) {
    JsonObject row = table(out).getAsJsonArray("models").get(model).getAsJsonObject();
    String run = out + "/" + row.get("run").getAsString();
    Dynae.Result evaluated =
        work.dynae("evaluate", run, "--truth", "sim/true.npy", "--backend", backend);
    JsonObject alone = JsonParser.parseString(evaluated.stdout()).getAsJsonObject();
    assertEquals(alone.get("fvu"), row.get("fvu"));
    assertEquals(alone.getAsJsonObject("losses").get("prior"), row.get("prior"));
  }

  @Test
  void aModelThatDivergesStopsAlone() {
    Dynae.Result result =
        work.dynae(sweep("java", "rates", "--set", "learning_rate=[1e-3, 1e4, 2e-3]"));
    assertEquals(0, result.code(), result.stderr());
    JsonArray models = table("rates").getAsJsonArray("models");
    List<String> status = new ArrayList<>();
    models.forEach(m -> status.add(m.getAsJsonObject().get("status").getAsString()));
    assertEquals(List.of("trained", "diverged", "trained"), status);
    String error = models.get(1).getAsJsonObject().get("error").getAsString();
    assertTrue(error.matches("epoch \\d, step \\d+: .*learning_rate \\(10000.0\\).*"), error);
    assertTrue(result.stderr().contains("rates/learning_rate=10000: " + error), result.stderr());
    work.train("slow", "--set", "learning_rate=2e-3");
    assertSameFiles("slow", "rates/learning_rate=0.002", "checkpoint.safetensors", "latent.npy");
    Dynae.Result none = work.dynae(sweep("java", "none", "--set", "learning_rate=[1e4, 2e4]"));
    assertEquals(4, none.code(), none.stderr());
  }

  @Test
  void aModelWhoseCheckpointIsDamagedFailsAlone() throws IOException {
    String[] more = {"--set", "max_epochs=1", "seed=[1, 2]"};
    assertEquals(0, work.dynae(sweep("java", "damaged", more)).code());
    Files.write(work.path("damaged/seed=1/checkpoint.safetensors"), new byte[100]);
    more[1] = "max_epochs=2";
    String[] resume = Arrays.copyOf(more, more.length + 1);
    resume[more.length] = "--resume";
    Dynae.Result result = work.dynae(sweep("java", "damaged", resume));
    assertEquals(0, result.code(), result.stderr());
    List<String> status = new ArrayList<>();
    table("damaged")
        .getAsJsonArray("models")
        .forEach(m -> status.add(m.getAsJsonObject().get("status").getAsString()));
    assertEquals(List.of("failed", "trained"), status);
    assertTrue(result.stderr().contains("damaged/seed=1"), result.stderr());
  }

  @Test
  void stoppedAndResumedItEndsTheSame() {
    work.dynae("simulate", "three-well", "--frames", "30000", "--out", "long");
    String[] more = {"--data", "long/observed.npy", "--set", "max_epochs=2", "seed=[1, 2]"};
    assertEquals(0, work.dynae(sweep("java", "whole", more)).code());
    Dynae.Running running = Dynae.start(folder, sweep("java", "stopped", more));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal("TERM");
    Dynae.Result result = running.await();
    assertEquals(STOPPED_EARLY, result.code(), result.stderr());
    assertTrue(work.text("stopped/sweep.csv").contains("stopped"));
    assertFalse(Files.exists(work.path("stopped/seed=1/latent.npy")));
    String[] again = Arrays.copyOf(more, more.length + 1);
    again[more.length] = "--resume";
    assertEquals(0, work.dynae(sweep("java", "stopped", again)).code());
    for (String seed : List.of("seed=1", "seed=2")) {
      assertSameFiles("whole/" + seed, "stopped/" + seed, "checkpoint.safetensors", "latent.npy");
    }
    assertEquals(
        work.text("whole/sweep.csv"), work.text("stopped/sweep.csv"), "the tables are the same");
  }

  @Test
  void badSweepsAreRefusedBeforeAnythingIsWritten() {
    work.assertRefusedAtOnce(
        work.dynae(sweep("java", "bad", "--set", "seed=[1, 01]")), "different values of seed");
    work.assertRefusedAtOnce(
        work.dynae(sweep("java", "bad", "--set", "beta=[1, -1]")), "beta >= 0", "-1");
    work.assertRefusedAtOnce(
        work.dynae(sweep("java", "bad", "--set", "seed=[1, 2]", "--models", "0")), "--models >= 1");
    work.assertRefusedAtOnce(work.dynae(sweep("java", "bad", "--truth", "small.ini")), "small.ini");
    work.assertRefusedAtOnce(
        work.dynae(sweep("java", "bad", "--truth", "sim/true.npy", "--set", "d=[2, 3]")),
        "dimensions of truth = d",
        "2 and 3");
    work.assertAbsent("bad");
    work.assertRefusedAtOnce(work.dynae(sweep("java", "sim")), "sim: holds another run");
  }
}
