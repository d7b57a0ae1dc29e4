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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of several initial weights the one of least loss goes on, as if it had been the only one. */
class StartsTest {
  private static final int STARTS = 3;
  private static final String FILE = "/" + Checkpoint.FILE;
  private static final String[] SETTINGS = {
    "--set", "starts=" + STARTS, "max_epochs=6", "SaveTrainingProgress=True", "log_interval=1"
  };

  @TempDir private static Path folder;
  private static Workspace work;
  private static Dynae.Result trained;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    trained = work.dynae(training("run", SETTINGS));
    assertEquals(0, trained.code(), trained.stderr());
  }

  private static List<JsonObject> metrics(String run) {
    return work.text(run + "/metrics.jsonl")
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  /** What `evaluate` says of a start's run. */
  private static double testLoss(int start) {
    Dynae.Result result = work.dynae("evaluate", "run/starts/" + start, "--backend", "java");
    assertEquals(0, result.code(), result.stderr());
    JsonObject json = JsonParser.parseString(result.stdout()).getAsJsonObject();
    return json.getAsJsonObject("losses").get("loss").getAsDouble();
  }

  @Test
  void theOneOfLeastTestLossGoesOn() {
    double[] losses = IntStream.range(0, STARTS).mapToDouble(StartsTest::testLoss).toArray();
    double least = Arrays.stream(losses).min().orElseThrow();
    int best = IntStream.range(0, STARTS).filter(s -> losses[s] == least).findFirst().orElseThrow();
    assertEquals(STARTS, Arrays.stream(losses).distinct().count());
    assertEquals(6, metrics("run").size());
    assertEquals(metrics("run/starts/" + best), metrics("run").subList(0, 3));
    assertTrue(trained.stderr().contains("run: start " + best + " goes on"), trained.stderr());
    assertEquals(6, Checkpoint.read(work.path("run" + FILE)).epoch);
    for (int epoch = 1; epoch <= 6; epoch++) {
      assertTrue(work.bytes("run/progress/latent_epoch_" + epoch + ".npy").length > 0);
    }

    // A start by itself is an ordinary run: the first is that of the same seed with one start.
    work.train("single");
    assertArrayEquals(work.bytes("single" + FILE), work.bytes("run/starts/0" + FILE));
  }

  @Test
  void killedWhileItTriesItEndsTheSame() {
    String[] command = training("killed", SETTINGS);
    command = Arrays.copyOf(command, command.length + 1);
    command[command.length - 1] = "--resume";
    Dynae.Running running = Dynae.start(folder, command);
    running.awaitText("epoch 1/3");
    running.process().destroyForcibly();
    running.await();
    work.assertAbsent("killed" + FILE);
    assertEquals(0, work.dynae(command).code());
    assertArrayEquals(work.bytes("run" + FILE), work.bytes("killed" + FILE));
    assertEquals(6, metrics("killed").size());
  }

  @Test
  void inASweepEachModelHasItsOwn() {
    Dynae.Result swept =
        work.dynae(
            "sweep",
            "small.ini",
            "--backend",
            "java",
            "--out",
            "swept",
            "--models",
            "1",
            "--set",
            "seed=[0, 7]",
            "starts=3",
            "max_epochs=6");
    assertEquals(0, swept.code(), swept.stderr());
    assertFalse(swept.stderr().contains("2 models left"), "--models 1 holds for starts too");
    assertArrayEquals(work.bytes("run" + FILE), work.bytes("swept/seed=0" + FILE));
    assertFalse(
        Arrays.equals(
            work.bytes("swept/seed=7/starts/1" + FILE), work.bytes("run/starts/1" + FILE)));
  }

  @Test
  void whereAllFailTheModelHasFailed() {
    Dynae.Result result =
        work.dynae(training("far", "--set", "starts=2", "--set", "learning_rate=1e4"));
    assertEquals(4, result.code(), result.stderr());
    assertTrue(result.stderr().contains("learning_rate (10000.0)"), result.stderr());
    work.assertAbsent("far" + FILE);
  }
}
