// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.trainingOn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.dynae.model.Checkpoint;
import io.dynae.testing.Backends;
import io.dynae.testing.Dynae;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that was stopped, in whatever way, ends as the one that was not: the same bytes. */
class ResumeTest {
  private static final int SEED = 3;
  private static final int EPOCHS = 12;
  private static final String[] MORE = {"--set", "max_epochs=" + EPOCHS};
  private static final int STOPPED_EARLY = 75;
  private static final int INTERRUPTED = 130;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    work.train("whole", MORE);
  }

  /** A training whose epochs are long enough to be met in the middle. */
  private static String[] longEpochs(String run) {
    return trainingOn(
        "java", run, "--resume", "--data", "long/observed.npy", "--set", "max_epochs=2");
  }

  private static String[] resuming(String backend, String out) {
    String[] arguments = trainingOn(backend, out, MORE);
    arguments = Arrays.copyOf(arguments, arguments.length + 1);
    arguments[arguments.length - 1] = "--resume";
    return arguments;
  }

  private static byte[] checkpoint(String run) {
    return work.bytes(run + "/checkpoint.safetensors");
  }

  private static void assertSameRun(String whole, String run) {
    assertArrayEquals(checkpoint(whole), checkpoint(run));
    assertArrayEquals(work.bytes(whole + "/latent.npy"), work.bytes(run + "/latent.npy"));
    assertArrayEquals(work.bytes(whole + "/bin_centers.npy"), work.bytes(run + "/bin_centers.npy"));
    List<Integer> epochs =
        work.text(run + "/metrics.jsonl")
            .lines()
            .map(l -> JsonParser.parseString(l).getAsJsonObject().get("epoch").getAsInt())
            .toList();
    int all = Checkpoint.read(work.path(run + "/checkpoint.safetensors")).epoch;
    assertEquals(IntStream.range(0, all).boxed().toList(), epochs);
    work.assertNoTemporaryFile();
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA", "OPENCL", "CUDA"})
  void killedAtAnyMoment(Backends on) {
    on.open().close();
    String backend = on.backend();
    String whole = "whole";
    if (on != Backends.JAVA) {
      whole = "whole-" + backend;
      assertEquals(0, work.dynae(trainingOn(backend, whole, MORE)).code());
    }
    Random random = new Random(SEED);
    String run = "killed-" + backend;
    int kills = 0;
    for (int i = 0; i < 4; i++) {
      int epochs = Math.min(EPOCHS - 1, (int) metricLines(run) + random.nextInt(4));
      int wait = random.nextInt(100);
      Dynae.Running running = Dynae.start(folder, resuming(backend, run));
      running.awaitText("epoch ");
      while (metricLines(run) < epochs && running.process().isAlive()) {
        Dynae.pause(1);
      }
      Dynae.pause(wait);
      kills += running.process().isAlive() ? 1 : 0;
      running.process().destroyForcibly();
      running.await();
      System.out.printf("seed %d: %s killed %d ms after %d epochs%n", SEED, backend, wait, epochs);
    }
    Dynae.Result last = work.dynae(resuming(backend, run));
    assertEquals(0, last.code(), last.stderr());
    assertTrue(kills > 0, "ended before it could be killed");
    assertSameRun(whole, run);
  }

  private static long metricLines(String run) {
    return Files.exists(work.path(run + "/metrics.jsonl"))
        ? work.text(run + "/metrics.jsonl").lines().count()
        : 0;
  }

  @Test
  void askedToStopInTheMiddleOfAnEpoch() {
    work.dynae("simulate", "three-well", "--frames", "30000", "--out", "long");
    assertEquals(0, work.dynae(longEpochs("long-whole")).code());
    stopped("TERM", STOPPED_EARLY);
    stopped("INT", INTERRUPTED);
  }

  private static void stopped(String signal, int code) {
    String run = "stopped-" + signal;
    Dynae.Running running = Dynae.start(folder, longEpochs(run));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal(signal);
    Dynae.Result result = running.await();
    assertEquals(code, result.code(), result.stderr());
    assertTrue(result.stderr().contains("--resume"), result.stderr());
    Checkpoint state = Checkpoint.read(work.path(run + "/checkpoint.safetensors"));
    assertTrue(state.epoch < 2 && state.stepInEpoch > 0, "epoch " + state.epoch);
    assertTrue(Files.notExists(work.path(run + "/latent.npy")));
    assertEquals(0, work.dynae(longEpochs(run)).code());
    assertSameRun("long-whole", run);
  }

  @Test
  void askedToStopBeforeTrainingLeavesNothing() throws Exception {
    // Opening a pipe that nobody writes to waits for ever.
    new ProcessBuilder("mkfifo", work.path("pipe.npy").toString()).start().waitFor();
    for (String signal : List.of("TERM", "INT")) {
      String run = "early-" + signal;
      Dynae.Running running = Dynae.start(folder, trainingOn("java", run, "--data", "pipe.npy"));
      Dynae.pause(1500);
      running.signal(signal);
      Dynae.Result result = running.await();
      assertEquals(signal.equals("TERM") ? STOPPED_EARLY : INTERRUPTED, result.code());
      assertEquals("stopped before training began; nothing was written\n", result.stderr());
      work.assertAbsent(run);
    }
  }

  /** A process that is killed between the two files leaves older counters. */
  @Test
  void countersFollowTheCheckpointAgain() throws Exception {
    work.train("counted", MORE);
    String counters = work.text("counted/state.json");
    Files.writeString(work.path("counted/state.json"), "{\"epochs_done\": 1}");
    work.train("counted", "--resume", "--set", "max_epochs=" + EPOCHS);
    assertEquals(counters, work.text("counted/state.json"));
  }

  @Test
  void theSeedDecidesEveryByte() {
    work.train("again", MORE);
    assertSameRun("whole", "again");
    work.train("other", "--set", "max_epochs=" + EPOCHS, "--seed", "1");
    assertFalse(Arrays.equals(checkpoint("whole"), checkpoint("other")));
  }
}
