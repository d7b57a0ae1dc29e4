// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.testing.Backends;
import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is held out, and what is said of a model that knows little of it. */
class HeldOutTest {
  private static final int FRAMES = 4000;
  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    // In the last tenth, and nowhere else, a particle is in another well.
    float[] x = new float[2 * FRAMES];
    Random random = new Random(1);
    for (int t = 1; t < FRAMES; t++) {
      for (int d = 0; d < 2; d++) {
        float from = t == FRAMES * 9 / 10 ? 20 * (d + 1) : x[2 * t + d - 2];
        float center = t >= FRAMES * 9 / 10 ? 20 * (d + 1) : 0;
        x[2 * t + d] =
            (float) (center + (from - center) * Math.exp(-0.1) + 0.3 * random.nextGaussian());
      }
    }
    NpyWriter.write(work.path("visit.npy"), x, FRAMES, 2);
    work.write(
        "visit.ini",
        """
        [Model Parameters]
        min_dist = 10
        [Training Parameters]
        batch_size = 64
        max_epochs = 8
        [Data]
        input_data = [visit.npy]
        split = blocked
        """);
  }

  private static Dynae.Result train(Backends on, String out, String... settings) {
    String[] arguments = new String[8 + settings.length];
    String backend = on.name().toLowerCase(Locale.ROOT);
    String[] fixed = {"train", "visit.ini", "--backend", backend, "--out", out, "--set", "seed=3"};
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(settings, 0, arguments, fixed.length, settings.length);
    Dynae.Result result = work.dynae(arguments);
    assertEquals(0, result.code(), result.stderr());
    return result;
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA", "OPENCL"})
  void aVisitThatIsHeldOutWholeIsSaid(Backends on) {
    on.open().close();
    Dynae.Result end = train(on, "end-" + on, "blocks=1");
    String words = "reconstruction error of test pairs";
    assertTrue(end.stderr().contains(words), end.stderr());
    assertTrue(end.stderr().contains("test frames looked at lie farther than min_dist (10.0)"));
    assertTrue(end.stderr().contains("visit.npy: frame 36"), end.stderr());
    JsonObject summary =
        JsonParser.parseString(work.text("end-" + on + "/summary.json")).getAsJsonObject();
    double test = summary.getAsJsonObject("test_losses").get("reconstruction").getAsDouble();
    double training =
        summary.getAsJsonObject("training_losses").get("reconstruction").getAsDouble();
    assertTrue(test > 2 * training, test + ", " + training);
    Dynae.Result stretches = train(on, "stretches-" + on);
    assertFalse(stretches.stderr().contains(words), stretches.stderr());
  }

  /** A run from before the key tested on the end; resuming must not change what it trains on. */
  @Test
  void aRunFromBeforeBlocksKeepsItsSplit() {
    train(Backends.JAVA, "old", "blocks=1", "max_epochs=2");
    double before = testLoss();
    work.write("old/config.ini", work.text("old/config.ini").replaceAll("(?m)^blocks = .*\n", ""));
    assertEquals(before, testLoss());
    String[] resume = {
      "train",
      "visit.ini",
      "--backend",
      "java",
      "--out",
      "old",
      "--resume",
      "--set",
      "seed=3",
      "max_epochs=3"
    };
    work.assertRefused(work.dynae(resume), "has 'blocks = 1'", "'blocks = 30'", "--set blocks=1");
    String[] same = Arrays.copyOf(resume, resume.length + 1);
    same[resume.length] = "blocks=1";
    Dynae.Result result = work.dynae(same);
    assertEquals(0, result.code(), result.stderr());
  }

  private static double testLoss() {
    Dynae.Result result = work.dynae("evaluate", "old", "--backend", "java");
    assertEquals(0, result.code(), result.stderr());
    JsonObject json = JsonParser.parseString(result.stdout()).getAsJsonObject();
    return json.getAsJsonObject("losses").get("loss").getAsDouble();
  }
}
