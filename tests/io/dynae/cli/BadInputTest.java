// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Data and settings that cannot be trained on: exit code 2, one line, nothing left behind. */
class BadInputTest {
  private static final int FRAMES = 200;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() throws IOException {
    work = new Workspace(folder);
    byte[] good = work.bytes("sim/observed.npy");
    Files.write(work.path("cut.npy"), Arrays.copyOf(good, good.length - 40));
    Files.write(work.path("empty.npy"), new byte[0]);
    raw("complex.npy", "<c8", 8);
    raw("object.npy", "|O", 8);
    array("two.npy", 2, FRAMES, Float.NaN, -1);
    array("three.npy", 3, FRAMES, Float.NaN, -1);
    array("nan.npy", 2, FRAMES, Float.NaN, 2 * 17 + 1);
    array("infinite.npy", 2, FRAMES, Float.NEGATIVE_INFINITY, 2 * 150);
    array("ten.npy", 2, 10, Float.NaN, -1);
    array("transposed.npy", FRAMES, 2, Float.NaN, -1);
    work.write("table.csv", "0.5,1\n2,3\n");
  }

  /** Writes small numbers, and {@code odd} as element {@code at} and ever after it. */
  private static void array(String name, int features, int frames, float odd, int at) {
    float[] values = new float[frames * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = at >= 0 && i >= at ? odd : (float) Math.sin(0.1 * i);
    }
    NpyWriter.write(work.path(name), values, frames, features);
  }

  private static void raw(String name, String type, int bytes) throws IOException {
    String text = "{'descr': '%s', 'fortran_order': False, 'shape': (100, 2), }".formatted(type);
    String header = text + " ".repeat(117 - text.length()) + "\n";
    ByteBuffer file = ByteBuffer.allocate(128 + 200 * bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
    file.put(header.getBytes(StandardCharsets.US_ASCII));
    Files.write(work.path(name), file.array());
  }

  static Stream<Arguments> badData() {
    return Stream.of(
        bad("--data missing.npy", "missing.npy", "no such file"),
        bad("--data cut.npy", "cut.npy", "bytes"),
        bad("--data empty.npy", "empty.npy"),
        bad("--data complex.npy", "complex.npy", "c8"),
        bad("--data object.npy", "object.npy", "O"),
        bad("--data table.csv", "numpy.loadtxt('", "table.csv', delimiter=','))"),
        bad("--data two.npy three.npy", "two.npy", "three.npy", "2 and 3"),
        bad("--data nan.npy", "nan.npy", "frame 17", "feature 1", "NaN"),
        bad("--data infinite.npy", "infinite.npy", "frame 150", "feature 0", "-Infinity"),
        bad("--data two.npy nan.npy", "nan.npy", "frame 17", "feature 1"),
        bad("--data ten.npy --set lag=10", "ten.npy", "10 frames", "lag 10", "longer"),
        bad("--data two.npy --set stride=500", "1 of 200 frames at stride 500", "lower stride"),
        bad("--data transposed.npy", "transposed.npy, of shape [2, 200]", "save x.T"),
        bad("--data two.npy --target ten.npy", "ten.npy", "two.npy", "10, 200"),
        bad("--data two.npy --target nan.npy", "nan.npy", "frame 17"),
        bad("--data two.npy --target missing.npy", "missing.npy"),
        bad("--data two.npy --set batch_size=160", "batch_size", "159 pairs", "batch_size 160"));
  }

  static Stream<Arguments> badSettings() {
    return Stream.of(
        bad("--set bach_size=3", "bach_size", "batch_size"),
        bad("--set batch_size=0", "batch_size", "0", "1"),
        bad("--set batch_size=many", "batch_size", "many"),
        bad("--set batch_size=2.5", "batch_size", "2.5"),
        bad("--set learning_rate=[1e-3,1e-4]", "learning_rate", "1e-4"),
        bad("--set learning_rate=nan", "learning_rate", "nan"),
        bad("--set beta=-1", "beta", "-1"),
        bad("--set seed=[0,1]", "seed", "[0,1]"),
        bad("--set encoder_type=conv_encoder", "encoder_type", "conv_encoder", "fc_encoder"),
        bad(
            "--set encoder_type=conv_encoder --set decoder_type=deconv_decoder",
            "dimensions of images",
            "2",
            "fc_encoder"),
        bad("--set decoder_type=deconv_decoder", "decoder_type", "deconv_decoder"),
        bad("--set model=VAEE", "model", "VAEE", "did you mean VAE?"),
        bad("--set min_dist=0", "min_dist", "0"),
        bad("--set SaveTrajResults=perhaps", "SaveTrajResults", "perhaps", "True or False"),
        bad("--set batch_size", "batch_size"),
        bad("--set seed=1 --seed 2", "seed"));
  }

  private static Arguments bad(String options, String... words) {
    return Arguments.of(options, words);
  }

  @ParameterizedTest
  @MethodSource({"badData", "badSettings"})
  void isRefusedBeforeAnythingIsWritten(String options, String[] words) {
    work.assertRefusedAtOnce(work.dynae(training("run", options.split(" "))), words);
    work.assertAbsent("run");
  }

  @Test
  void unknownKeyAndSectionOfAFileAreNamedWithTheirLines() {
    work.write("key.ini", "[Data]\nlag = 1\nlagg = 2\n");
    work.assertRefusedAtOnce(
        work.dynae("train", "key.ini", "--out", "run"), "key.ini:3", "lagg", "lag");
    work.write("section.ini", "[Data]\nlag = 1\n[Dada]\nlag = 2\n");
    work.assertRefusedAtOnce(
        work.dynae("train", "section.ini", "--out", "run"), "section.ini:3", "Dada", "Data");
    work.assertRefusedAtOnce(work.dynae("train", "no.ini", "--out", "run"), "no.ini");
    work.write("none.ini", "[Data]\nlag = 1\n");
    work.assertRefusedAtOnce(
        work.dynae("train", "none.ini", "--backend", "java", "--out", "run"), "input_data");
    work.assertAbsent("run");
  }

  @Test
  void tooManyBinsNameALargerMinDistThatDoes() {
    Dynae.Result refused = work.dynae(training("bins", "--set", "min_dist=0.001"));
    work.assertRefused(refused, "bins > max_centers (200)", "0.001", "use a larger min_dist");
    // Nor is there a line of progress for the epoch that did not begin.
    assertFalse(refused.stderr().contains("epoch 2/3"), refused.stderr());
    String suggested = refused.stderr().replaceAll("(?s).*larger min_dist: (\\S+) gives.*", "$1");
    // Epoch 1 meets the same latents.
    work.train("bins2", "--set", "min_dist=" + suggested, "max_epochs=2");
  }

  @Test
  void tooFewFramesInABinNameALargerMinDist() {
    work.assertRefused(
        work.dynae(training("few", "--set", "min_dist=0.005", "max_centers=3000")),
        "min_dist 0.005",
        "batch_size (32)",
        "use a larger min_dist: ",
        "a smaller batch_size");
    work.assertRefused(
        work.dynae(
            training("few2", "--set", "min_dist=0.01", "max_centers=3000", "batch_size=1500")),
        "batch_size (1500)",
        "smaller batch_size");
  }
}
