// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.file.Safetensors;
import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run directories that cannot be used as asked: exit code 2, one line, the run as it was. */
class BadRunTest {
  private static final String CHECKPOINT = "run/checkpoint.safetensors";

  @TempDir private static Path folder;
  private static Workspace work;
  private static byte[] checkpoint;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    work.train("run");
    work.train("wide", "--set", "neuron_num1=8");
    checkpoint = work.bytes(CHECKPOINT);
    NpyWriter.write(work.path("three.npy"), new float[300], 100, 3);
    float[] nan = new float[2 * Workspace.FRAMES];
    nan[7] = Float.NaN;
    NpyWriter.write(work.path("nan.npy"), nan, Workspace.FRAMES, 2);
    NpyWriter.write(work.path("short.npy"), new float[200], 100, 2);
    NpyWriter.write(work.path("one.npy"), new float[Workspace.FRAMES], Workspace.FRAMES, 1);
    NpyWriter.write(work.path("third.npy"), new float[3 * Workspace.FRAMES], Workspace.FRAMES, 3);
  }

  @Test
  void directoryOfAnotherRunIsNotOverwritten() {
    work.assertRefusedAtOnce(work.dynae(training("run")), "run", "--resume");
    assertArrayEquals(checkpoint, work.bytes(CHECKPOINT));
  }

  @Test
  void resumingWithAnotherConfigurationIsRefused() {
    String config = work.text("run/config.ini");
    work.assertRefusedAtOnce(
        work.dynae(training("run", "--resume", "--set", "beta=3")),
        "run/config.ini",
        "beta = [10]",
        "beta = [3]");
    work.assertRefusedAtOnce(
        work.dynae(training("run", "--resume", "--set", "max_epochs=2")), "max_epochs", "2, 3");
    assertEquals(config, work.text("run/config.ini"));
  }

  /** More frames in the same file would turn test pairs into training pairs. */
  @Test
  void otherDataUnderTheSameNameAreRefused() throws IOException {
    byte[] data = work.bytes("sim/observed.npy");
    try {
      assertEquals(
          0, work.dynae("simulate", "three-well", "--frames", "3001", "--out", "longer").code());
      Files.write(work.path("sim/observed.npy"), work.bytes("longer/observed.npy"));
      work.assertRefusedAtOnce(
          work.dynae(training("run", "--resume")), CHECKPOINT, "3001 frames of 2", "3000 frames");
      byte[] other = data.clone();
      other[other.length - 1] ^= 1;
      Files.write(work.path("sim/observed.npy"), other);
      work.assertRefusedAtOnce(work.dynae(training("run", "--resume")), CHECKPOINT, "crc");
      work.assertRefusedAtOnce(
          work.dynae("evaluate", "run", "--backend", "java"), CHECKPOINT, "crc");
    } finally {
      Files.write(work.path("sim/observed.npy"), data);
    }
    assertEquals(0, work.dynae(training("run", "--resume")).code());
  }

  @Test
  void checkpointOfAnotherShapeIsRefused() throws IOException {
    byte[] other = work.bytes("wide/checkpoint.safetensors");
    refusesCheckpoint(other, "neuron_num1 = that of the trained model does not hold: 32, 8;");
  }

  @Test
  void damagedCheckpointIsRefusedWhereverTheDamageIs() throws IOException {
    refusesCheckpoint(new byte[0], "0 bytes");
    refusesCheckpoint(Arrays.copyOf(checkpoint, checkpoint.length - 1), "damaged");
    refusesCheckpoint(Arrays.copyOf(checkpoint, 100), "damaged");
    refusesCheckpoint("not a checkpoint at all".getBytes(UTF_8), "damaged");
    // A digit of a counter, which no structure protects.
    int digit = new String(checkpoint, ISO_8859_1).indexOf("\"epoch\":\"") + 9;
    refusesCheckpoint(flipped(digit, 1), "damaged");
    Random random = new Random(5);
    for (int i = 0; i < 4; i++) {
      int at = random.nextInt(checkpoint.length);
      refusesCheckpoint(flipped(at, 1 << random.nextInt(8)), "damaged");
    }
  }

  private static byte[] flipped(int at, int bits) {
    byte[] damaged = checkpoint.clone();
    damaged[at] ^= (byte) bits;
    return damaged;
  }

  private static void refusesCheckpoint(byte[] bytes, String... words) throws IOException {
    Files.write(work.path(CHECKPOINT), bytes);
    try {
      String[] all = Arrays.copyOf(words, words.length + 1);
      all[words.length] = CHECKPOINT;
      work.assertRefusedAtOnce(work.dynae(training("run", "--resume")), all);
      assertArrayEquals(bytes, work.bytes(CHECKPOINT));
      work.assertRefusedAtOnce(work.dynae("evaluate", "run", "--backend", "java"), all);
    } finally {
      Files.write(work.path(CHECKPOINT), checkpoint);
    }
  }

  /** Frames of the middle of an epoch that begin no pair of the training's. */
  @Test
  void batchesOfOtherFramesAreRefused() throws IOException {
    int last = Workspace.FRAMES - 1;
    for (int[] firsts : new int[][] {filled(32, last), filled(32, 1 << 30), filled(31, 0)}) {
      Safetensors content = Safetensors.read(work.path(CHECKPOINT));
      content.put("epoch", "2").put("step_in_epoch", "1");
      content.put("epoch.first_frames", firsts, firsts.length);
      content.write(work.path(CHECKPOINT));
      try {
        work.assertRefusedAtOnce(
            work.dynae(training("run", "--resume")), CHECKPOINT + ": its epoch has", "damaged");
      } finally {
        Files.write(work.path(CHECKPOINT), checkpoint);
      }
    }
  }

  private static int[] filled(int n, int value) {
    int[] all = new int[n];
    Arrays.fill(all, value);
    return all;
  }

  @Test
  void evaluateRefusesTruthThatDoesNotFit() {
    work.assertRefusedAtOnce(evaluate("--truth", "short.npy"), "short.npy", "100", "3000");
    work.assertRefusedAtOnce(
        evaluate("--truth", "nan.npy"), "nan.npy", "frame 3", "feature 1", "NaN");
    work.assertRefusedAtOnce(evaluate("--truth", "absent.npy"), "absent.npy");
    work.assertRefusedAtOnce(
        evaluate("--truth", "one.npy"), "one.npy: dimensions of truth = d", "1 and 2");
    work.assertRefusedAtOnce(evaluate("--data", "three.npy"), "three.npy", "3, 2");
  }

  /** Of two records of a dozen numbers one differs. */
  @Test
  void evaluateNamesATargetOfOtherFeatures() {
    Dynae.Result result =
        work.dynae(
            "evaluate run --backend java --data sim/observed.npy --target third.npy".split(" "));
    work.assertRefusedAtOnce(
        result, CHECKPOINT + ": features of a target = that of the trained model", ": 3, 2; give");
  }

  private static Dynae.Result evaluate(String option, String file) {
    return work.dynae("evaluate", "run", "--backend", "java", option, file);
  }

  @Test
  void embedRefusesDataThatDoNotFit() {
    work.assertRefusedAtOnce(embed("three.npy", "z.npy"), "three.npy", "3, 2");
    work.assertRefusedAtOnce(embed("nan.npy", "z.npy"), "nan.npy", "frame 3");
    work.assertAbsent("z.npy");
    work.assertRefusedAtOnce(embed("sim/observed.npy", "absent/z.npy"), "absent/z.npy");
    work.assertRefusedAtOnce(embed("sim/observed.npy", "run"), "run");
  }

  private static Dynae.Result embed(String data, String out) {
    return work.dynae("embed", "run", "--backend", "java", "--data", data, "--out", out);
  }
}
