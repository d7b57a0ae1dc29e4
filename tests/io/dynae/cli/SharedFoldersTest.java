// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynae.testing.Dynae;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a cluster, and people in haste: whose files are whose, and what stays of them. */
class SharedFoldersTest {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final int STOPPED_EARLY = 75;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    work.train("run");
  }

  @Test
  void twoTrainingsIntoOneFolder() {
    String[] more = {"--resume", "--set", "max_epochs=100000", "min_dist=6"};
    Dynae.Running first = Dynae.start(folder, training("busy", more));
    assertTrue(first.awaitText("epoch 1/"));
    work.assertRefusedAtOnce(work.dynae(training("busy", more)), "busy", "locked");
    assertTrue(first.process().isAlive());
    first.signal("TERM");
    assertEquals(STOPPED_EARLY, first.await().code());
    // The lock goes with the process, and what was saved can go on.
    Dynae.Running second = Dynae.start(folder, training("busy", more));
    assertTrue(second.awaitText("epoch "));
    second.signal("TERM");
    assertEquals(STOPPED_EARLY, second.await().code());
  }

  /** As where a job copies its data to a folder of its own. */
  @Test
  void resumesWhereverTheDataLie() throws IOException {
    work.train("moved", "--set", "max_epochs=2");
    Files.createDirectories(work.path("other"));
    Files.copy(work.path("sim/observed.npy"), work.path("other/data.npy"));
    work.train("moved", "--resume", "--data", "other/data.npy");
    assertArrayEquals(work.bytes("run/" + CHECKPOINT), work.bytes("moved/" + CHECKPOINT));
    assertTrue(work.text("moved/config.ini").contains("other/data.npy"));
  }

  @Test
  void resumingDropsTheReportOfFewerEpochs() throws IOException {
    work.train("reported", "--set", "max_epochs=2");
    Files.createDirectories(work.path("reported/figures"));
    for (String old :
        new String[] {"report.html", "figures/training.png", "figures/training.svg"}) {
      work.write("reported/" + old, "of two epochs");
    }
    work.train("reported", "--resume");
    work.assertAbsent("reported/report.html");
    work.assertAbsent("reported/figures/training.png");
    work.assertAbsent("reported/figures/training.svg");
  }

  /** Also where the one is busy with a start, or with a model of a sweep. */
  @Test
  void whatARunIsMadeOfIsLockedWithIt() {
    String[] starts = {"--set", "starts=2", "max_epochs=100000", "warmup_epochs=90000"};
    Dynae.Running first = Dynae.start(folder, training("tried", starts));
    assertTrue(first.awaitText("epoch 1/"));
    String[] start = {"--resume", "--set", "starts=2", "max_epochs=100000", "warmup_epochs=90000"};
    work.assertRefusedAtOnce(work.dynae(training("tried/starts/0", start)), "tried", "locked");
    first.signal("TERM");
    assertEquals(STOPPED_EARLY, first.await().code());

    String line = "sweep small.ini --backend java --out swept --set max_epochs=100000 seed=[0,1]";
    Dynae.Running sweep = Dynae.start(folder, line.split(" "));
    assertTrue(sweep.awaitText("epoch 1/"));
    String[] more = {"--resume", "--set", "max_epochs=100000", "--seed", "1"};
    work.assertRefusedAtOnce(work.dynae(training("swept/seed=1", more)), "swept/seed=1", "locked");
    sweep.signal("TERM");
    assertEquals(STOPPED_EARLY, sweep.await().code());
    work.assertAbsent("swept/seed=1/.lock");
  }

  @Test
  void noCommandReplacesWhatItReads() throws IOException {
    Files.copy(work.path("sim/observed.npy"), work.path("mine.npy"));
    byte[] mine = work.bytes("mine.npy");
    work.assertRefusedAtOnce(
        work.dynae(
            "embed", "run", "--data", "mine.npy", "--out", "./mine.npy", "--backend", "java"),
        "mine.npy",
        "--out");
    assertArrayEquals(mine, work.bytes("mine.npy"));
    Files.createDirectories(work.path("raw"));
    Files.copy(work.path("mine.npy"), work.path("raw/aligned.npy"));
    work.assertRefusedAtOnce(
        work.dynae("align", "raw/aligned.npy", "--out", "raw"), "aligned.npy", "--out");
    assertArrayEquals(mine, work.bytes("raw/aligned.npy"));
  }

  @Test
  void noCommandReplacesWhatIsThere() throws IOException {
    Files.copy(work.path("sim/observed.npy"), work.path("data.npy"));
    for (String there : new String[] {"data.npy", "small.ini", "run/checkpoint.safetensors"}) {
      byte[] before = work.bytes(there);
      work.assertRefusedAtOnce(
          work.dynae("embed", "run", "--data", "sim/observed.npy", "--out", there),
          there + ": is there already");
      assertArrayEquals(before, work.bytes(there));
    }
    Files.createDirectories(work.path("superposed"));
    Files.copy(work.path("data.npy"), work.path("superposed/reference.npy"));
    work.assertRefusedAtOnce(
        work.dynae("align", "data.npy", "--out", "superposed"), "reference.npy: is there already");
    work.assertRefusedAtOnce(
        work.dynae(training("small.ini")), "small.ini: is a file, not a folder");
  }

  @Test
  void simulateReplacesNothing() {
    byte[] before = work.bytes("sim/observed.npy");
    work.assertRefusedAtOnce(
        work.dynae("simulate", "three-well", "--frames", "9", "--out", "sim"), "true.npy", "--out");
    assertArrayEquals(before, work.bytes("sim/observed.npy"));
  }

  @Test
  void aSimulationThatIsStoppedLeavesNoFile() {
    Dynae.Running running =
        Dynae.start(folder, "simulate", "three-well", "--frames", "400000000", "--out", "huge");
    File huge = work.path("huge").toFile();
    while (running.process().isAlive() && (!huge.exists() || huge.list().length < 2)) {
      Dynae.pause(5);
    }
    assertEquals(2, huge.list().length);
    running.signal("TERM");
    running.await();
    assertEquals(0, huge.list().length, String.join(" ", huge.list()));
  }

  /** Commands that train halt at once where nothing is trained yet. */
  @Test
  void dataOfAReproductionThatIsStoppedLeaveNoFile() {
    String line = "reproduce dna --pixels 16 --frames 20000000 --backend java --out movies";
    Dynae.Running running = Dynae.start(folder, line.split(" "));
    File data = work.path("movies/dna/data").toFile();
    while (running.process().isAlive() && (!data.exists() || data.list().length < 2)) {
      Dynae.pause(5);
    }
    assertEquals(2, data.list().length);
    running.signal("TERM");
    assertEquals(STOPPED_EARLY, running.await().code());
    assertEquals(0, data.list().length, String.join(" ", data.list()));
  }

  @Test
  void aDemoThatIsStoppedSaysHowToGoOn() {
    Dynae.Running running = Dynae.start(folder, "demo", "--backend", "java", "--out", "demo");
    assertTrue(running.awaitText("epoch 1/"));
    running.signal("TERM");
    Dynae.Result result = running.await();
    assertEquals(STOPPED_EARLY, result.code(), result.stderr());
    String command = "demo --out demo --resume";
    assertTrue(result.stderr().contains("dynae " + command), result.stderr());
    byte[] data = work.bytes("demo/observed.npy");
    Dynae.Running second = Dynae.start(folder, (command + " --backend java").split(" "));
    assertTrue(second.awaitText("epoch 1/20"));
    second.signal("TERM");
    Dynae.Result stopped = second.await();
    assertEquals(STOPPED_EARLY, stopped.code(), stopped.stderr());
    assertFalse(stopped.stderr().contains("simulating"), "the data are there");
    assertArrayEquals(data, work.bytes("demo/observed.npy"));
  }

  /** Persian has digits of its own, and a decimal point of its own. */
  @Test
  void theCountryIsNotInAnyByte() {
    Map<String, String> persian =
        Map.of("JDK_JAVA_OPTIONS", "-Duser.language=fa -Duser.country=IR");
    Dynae.Result result =
        Dynae.start("io.dynae.cli.Main", folder, persian, training("persian")).await();
    assertEquals(0, result.code(), result.stderr());
    for (String file : new String[] {CHECKPOINT, "latent.npy", "config.ini"}) {
      assertArrayEquals(work.bytes("run/" + file), work.bytes("persian/" + file), file);
    }
    assertTrue(result.stderr().contains("epoch 3/3"), result.stderr());
  }

  @Test
  void resultsThatCannotBePrintedAreAnError() throws Exception {
    File full = new File("/dev/full");
    assumeTrue(full.exists(), "not run: there is no /dev/full");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dynae.cli.Main",
                "--version")
            .redirectOutput(full)
            .start();
    String error = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertEquals(2, process.waitFor(), error);
    assertTrue(error.contains("standard output"), error);
    assertFalse(error.contains("Exception"), error);
  }
}
