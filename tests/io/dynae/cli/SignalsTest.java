// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.trainingOn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.model.Checkpoint;
import io.dynae.testing.Backends;
import io.dynae.testing.Dynae;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What batch systems and people send: a run saves and stops, or saves and goes on. */
class SignalsTest {
  private static final int STOPPED_EARLY = 75;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    assertEquals(
        0, work.dynae("simulate", "three-well", "--frames", "30000", "--out", "long").code());
  }

  /** A training that takes a few seconds. */
  private static String[] training(Backends on, String run) {
    String epochs = "max_epochs=" + epochs(on);
    return trainingOn(
        on.backend(), run, "--resume", "--data", "long/observed.npy", "--set", epochs);
  }

  private static int epochs(Backends on) {
    return on == Backends.JAVA ? 2 : 40;
  }

  /** The run that nothing disturbed. */
  private static String whole(Backends on) {
    String run = "whole-" + on.backend();
    if (Files.notExists(work.path(run))) {
      assertEquals(0, work.dynae(training(on, run)).code());
    }
    return run;
  }

  private static Checkpoint state(String run) {
    return Checkpoint.read(work.path(run + "/checkpoint.safetensors"));
  }

  private static void assertSameRun(Backends on, String run) {
    String whole = whole(on);
    for (String file : List.of("checkpoint.safetensors", "latent.npy", "bin_centers.npy")) {
      assertArrayEquals(work.bytes(whole + "/" + file), work.bytes(run + "/" + file), file);
    }
    assertEquals(epochs(on), work.text(run + "/metrics.jsonl").lines().count());
    work.assertNoTemporaryFile();
  }

  private static void assertNoCrash() {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.filter(f -> f.getFileName().toString().startsWith("hs_err")).count());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"JAVA,HUP", "JAVA,XCPU", "OPENCL,HUP", "OPENCL,XCPU", "OPENCL,TERM"})
  void savesAndStops(Backends on, String signal) {
    on.open().close();
    String run = "stopped-" + on.backend() + "-" + signal;
    Dynae.Running running = Dynae.start(folder, training(on, run));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal(signal);
    Dynae.Result result = running.await();
    assertEquals(STOPPED_EARLY, result.code(), result.stderr());
    assertTrue(result.stderr().contains("saved; go on with --resume"), result.stderr());
    assertTrue(state(run).epoch < epochs(on) && state(run).step > 0);
    assertEquals(0, work.dynae(training(on, run)).code());
    assertSameRun(on, run);
  }

  @ParameterizedTest
  @CsvSource({"JAVA,USR1", "JAVA,USR2", "OPENCL,USR1", "OPENCL,USR2"})
  void savesAndGoesOn(Backends on, String signal) {
    on.open().close();
    String run = "saved-" + on.backend() + "-" + signal;
    Dynae.Running running = Dynae.start(folder, training(on, run));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal(signal);
    assertTrue(running.awaitText("saved in epoch "));
    Checkpoint saved = state(run);
    assertTrue(saved.step > 0 && saved.epoch < epochs(on), "step " + saved.step);
    copyState(run, run + "-then");
    Dynae.Result result = running.await();
    assertEquals(0, result.code(), result.stderr());
    assertSameRun(on, run);
    // What was saved on the way is as good as what a stop saves.
    assertEquals(0, work.dynae(training(on, run + "-then")).code());
    assertArrayEquals(
        work.bytes(whole(on) + "/checkpoint.safetensors"),
        work.bytes(run + "-then/checkpoint.safetensors"));
    assertNoCrash();
  }

  private static void copyState(String from, String to) {
    try {
      Files.createDirectories(work.path(to));
      for (String file : List.of("config.ini", "checkpoint.safetensors")) {
        Files.copy(work.path(from + "/" + file), work.path(to + "/" + file));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void askedTwiceToSaveItStops() {
    Dynae.Running running = Dynae.start(folder, training(Backends.JAVA, "twice"));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal("USR1");
    assertTrue(running.awaitText("saved in epoch "));
    running.signal("USR2");
    Dynae.Result result = running.await();
    assertEquals(STOPPED_EARLY, result.code(), result.stderr());
    assertEquals(0, work.dynae(training(Backends.JAVA, "twice")).code());
    assertSameRun(Backends.JAVA, "twice");
  }

  @Test
  void whatNohupIgnoresStaysIgnored() {
    Dynae.Running running =
        Dynae.startThrough(List.of("nohup"), List.of(), folder, training(Backends.JAVA, "ignored"));
    assertTrue(running.awaitText("epoch 1/"));
    running.signal("HUP");
    Dynae.Result result = running.await();
    assertEquals(0, result.code(), result.stderr());
    assertSameRun(Backends.JAVA, "ignored");
  }

  @Test
  void withoutTheJvmsSignalsItSaysSoAndTrains() {
    Dynae.Running running =
        Dynae.startThrough(List.of(), List.of("-Xrs"), folder, training(Backends.JAVA, "reduced"));
    Dynae.Result result = running.await();
    assertEquals(0, result.code(), result.stderr());
    assertTrue(result.stderr().contains("-Xrs"), result.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"USR1", "XCPU"})
  void aSweepToo(String signal) {
    String[] sweep = {
      "sweep",
      "small.ini",
      "--backend",
      "java",
      "--out",
      "sweep-" + signal,
      "--resume",
      "--data",
      "long/observed.npy",
      "--set",
      "max_epochs=1",
      "seed=[0, 1]"
    };
    Dynae.Running running = Dynae.start(folder, sweep);
    assertTrue(running.awaitText("epoch 1/"));
    running.signal(signal);
    boolean goesOn = signal.equals("USR1");
    assertEquals(goesOn, running.awaitText("saved in epoch "));
    Dynae.Result result = running.await();
    assertEquals(goesOn ? 0 : STOPPED_EARLY, result.code(), result.stderr());
    if (!goesOn) {
      assertTrue(state("sweep-XCPU/seed=1").stepInEpoch > 0);
      assertEquals(0, work.dynae(sweep).code());
    }
    assertEquals(1, state("sweep-" + signal + "/seed=1").epoch);
  }

  /** A pipe without a reader stands for whatever takes long. */
  @Test
  void busyForLongItKeepsWhatItHasAndStops() throws Exception {
    String[] training = {
      "train",
      "small.ini",
      "--backend",
      "java",
      "--out",
      "busy",
      "--resume",
      "--data",
      "long/observed.npy",
      "--set",
      "max_epochs=3"
    };
    Dynae.Running running = Dynae.start(folder, training);
    assertTrue(running.awaitText("epoch 1/"));
    Path metrics = work.path("busy/metrics.jsonl");
    while (Files.notExists(metrics)) {
      Dynae.pause(5);
    }
    Files.delete(metrics);
    new ProcessBuilder("mkfifo", metrics.toString()).start().waitFor();
    // The second epoch takes a second or two; only its end writes there.
    Dynae.pause(8000);
    assertTrue(running.process().isAlive());
    running.signal("TERM");
    Dynae.Result result = running.await();
    assertEquals(STOPPED_EARLY, result.code(), result.stderr());
    assertTrue(result.stderr().contains("saved; go on with --resume"), result.stderr());
    assertEquals(1, state("busy").epoch);
    assertEquals(0, state("busy").stepInEpoch);
    Files.delete(metrics);
    assertEquals(0, work.dynae(training).code());
    training[5] = "busy-whole";
    assertEquals(0, work.dynae(training).code());
    assertArrayEquals(
        work.bytes("busy-whole/checkpoint.safetensors"), work.bytes("busy/checkpoint.safetensors"));
    work.assertNoTemporaryFile();
  }

  @ParameterizedTest
  @CsvSource({"XCPU,152", "HUP,129", "TERM,143", "USR1,138", "USR2,140"})
  void whatDoesNotTrainLeavesNothingHalfWritten(String signal, int code) {
    String out = "simulated-" + signal;
    Dynae.Running running =
        Dynae.start(folder, "simulate", "dsprites-3", "--frames", "300000", "--out", out);
    while (!temporary(out)) {
      Dynae.pause(5);
    }
    running.signal(signal);
    if (signal.startsWith("USR")) {
      Dynae.pause(1000);
      assertTrue(running.process().isAlive(), "one alone has nothing to save and goes on");
      running.signal(signal);
    }
    Dynae.Result result = running.await();
    assertEquals(code, result.code(), result.stderr());
    assertFalse(temporary(out));
    work.assertAbsent(out + "/observed.npy");
    assertNoCrash();
  }

  private static boolean temporary(String out) {
    if (Files.notExists(work.path(out))) {
      return false;
    }
    try (Stream<Path> files = Files.list(work.path(out))) {
      return files.anyMatch(f -> f.toString().endsWith(".tmp"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
