// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.dynae.model.Checkpoint;
import io.dynae.model.ImageShape;
import io.dynae.testing.Backends;
import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Convolutional nets from the command line: a spot that moves over images of two channels. */
class ImagesTest {
  private static final int FRAMES = 400;
  private static final int SIZE = 16;

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    float[] values = new float[FRAMES * 2 * SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      int frame = i / (2 * SIZE * SIZE);
      double y = i / SIZE % SIZE - 8 - 4 * Math.sin(0.1 * frame);
      double x = i % SIZE - 8 - 4 * Math.cos(0.17 * frame);
      double height = i / (SIZE * SIZE) % 2 == 0 ? 1 : 0.5;
      values[i] = (float) (height * Math.exp(-(x * x + y * y) / 8));
    }
    NpyWriter.write(work.path("images.npy"), values, FRAMES, 2, SIZE, SIZE);
    NpyWriter.write(work.path("flat.npy"), values, FRAMES, 2 * SIZE * SIZE);
    NpyWriter.write(work.path("turned.npy"), values, FRAMES, 1, 2 * SIZE, SIZE);
    NpyWriter.write(work.path("odd.npy"), values, FRAMES, 2, SIZE / 2, 2 * SIZE);
  }

  private static Dynae.Result train(String data, String out, String... more) {
    return run(Workspace.training(out), data, more);
  }

  private static Dynae.Result run(String[] command, String data, String... more) {
    List<String> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(List.of("--data", data));
    for (String setting :
        List.of(
            "encoder_type=conv_encoder",
            "decoder_type=deconv_decoder",
            "neuron_num1=32",
            "neuron_num2=32",
            "min_dist=1000",
            "learning_rate=1e-3",
            "warmup_learning_rate=1e-3")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(Arrays.asList(more));
    return work.dynae(arguments.toArray(String[]::new));
  }

  @Test
  void trainsResumesEmbedsAndEvaluates() {
    Dynae.Result result = train("images.npy", "whole", "--set", "max_epochs=6");
    assertEquals(0, result.code(), result.stderr());
    assertEquals(0, train("images.npy", "cut", "--set", "max_epochs=2").code());
    Dynae.Result resumed = train("images.npy", "cut", "--set", "max_epochs=6", "--resume");
    assertEquals(0, resumed.code(), resumed.stderr());
    String file = "/" + Checkpoint.FILE;
    assertArrayEquals(work.bytes("whole" + file), work.bytes("cut" + file));
    Checkpoint checkpoint = Checkpoint.read(work.path("whole" + file));
    assertEquals(new ImageShape(2, SIZE, SIZE), checkpoint.shape.image());

    double first = loss("whole", 0);
    double last = loss("whole", 5);
    assertTrue(last < 0.8 * first, "the loss falls: " + first + ", " + last);

    assertEquals(0, work.dynae("embed", "whole", "--data", "images.npy", "--out", "z.npy").code());
    try (NpyFrames z = NpyFrames.open(work.path("z.npy").toString());
        NpyFrames latent = NpyFrames.open(work.path("whole/latent.npy").toString())) {
      assertArrayEquals(new int[] {FRAMES, 2}, z.shape());
      float[] a = new float[2 * FRAMES];
      float[] b = new float[2 * FRAMES];
      z.read(0, FRAMES, a, 0);
      latent.read(0, FRAMES, b, 0);
      // Another backend may have embedded them.
      assertArrayEquals(b, a, 1e-4f);
    }
    for (String[] command :
        new String[][] {
          {"embed", "whole", "--data", "flat.npy", "--out", "not.npy"},
          {"evaluate", "whole", "--data", "flat.npy"}
        }) {
      work.assertRefused(work.dynae(command), "flat.npy", "dimensions of images");
    }
    work.assertRefused(
        work.dynae("embed", "whole", "--data", "turned.npy", "--out", "not.npy"),
        "turned.npy: images = those of the model",
        "1 x 32 x 16",
        "2 x 16 x 16");
    work.assertRefused(
        work.dynae("evaluate", "whole", "--data", "turned.npy"), "turned.npy", "1 x 32 x 16");
    work.assertAbsent("not.npy");
    Dynae.Result measured = work.dynae("evaluate", "whole", "--backend", "java");
    assertEquals(0, measured.code(), measured.stderr());
  }

  /** On a processor each core runs a model; alone, a model's step is spread over all cores. */
  @Test
  void modelsSideBySideAreAsTrainedAlone() {
    Backends.OPENCL.open().close();
    String[] sweep = {
      "sweep", "small.ini", "--backend", "opencl", "--out", "both", "--set", "seed=[0, 7]"
    };
    String[] longer = {"--set", "standardize=True", "--set", "warmup_epochs=2"};
    Dynae.Result result = run(sweep, "images.npy", longer);
    assertEquals(0, result.code(), result.stderr());
    String[] single = Workspace.trainingOn("opencl", "alone", "--seed", "7");
    assertEquals(0, run(single, "images.npy", longer).code());
    String file = "/" + Checkpoint.FILE;
    assertArrayEquals(work.bytes("alone" + file), work.bytes("both/seed=7" + file));
    // Two epochs of warm-up have no bins, and the third has.
    assertEquals(
        List.of(0, 0, 1),
        work.text("alone/metrics.jsonl")
            .lines()
            .map(line -> JsonParser.parseString(line).getAsJsonObject().get("bins").getAsInt())
            .toList());
  }

  private static double loss(String run, int epoch) {
    return work.text(run + "/metrics.jsonl")
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(line -> line.get("epoch").getAsInt() == epoch)
        .findFirst()
        .orElseThrow()
        .get("reconstruction")
        .getAsDouble();
  }

  @Test
  void refusesFramesThatAreNoImagesOrCannotBeHalved() {
    work.assertRefusedAtOnce(
        train("flat.npy", "flat"), "flat.npy", "dimensions of images", "2", "fc_encoder");
    work.assertRefusedAtOnce(train("odd.npy", "odd"), "odd.npy", "multiples of 16", "8 x 32");
    float[] last = new float[FRAMES * SIZE * SIZE * 3];
    last[0] = 1;
    NpyWriter.write(work.path("last.npy"), last, FRAMES, SIZE, SIZE, 3);
    work.assertRefusedAtOnce(
        train("last.npy", "last"), "16, 16, 3] looks like", "numpy.transpose(x, (0, 3, 1, 2))");
    work.assertAbsent("flat");
    work.assertAbsent("odd");
  }
}
