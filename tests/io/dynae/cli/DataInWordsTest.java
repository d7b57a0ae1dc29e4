// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static io.dynae.cli.Workspace.trainingOn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.dynae.testing.Backends;
import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole commands on data that are odd in their scale, offset, type or shape. */
class DataInWordsTest {
  private static final int FRAMES = 3000;
  private static final String[] STANDARDIZED = {
    "--set", "standardize=True", "model=VAE", "beta=0.01"
  };

  @TempDir private static Path folder;
  private static Workspace work;
  private static float[] observed;
  private static float[] truth;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
    observed = NpyFrames.readAll(work.path("sim/observed.npy"));
    truth = NpyFrames.readAll(work.path("sim/true.npy"));
    wide("far.npy", observed, 0.01, 1e6);
    for (double offset : new double[] {0, 1e6, 1e8}) {
      wide("true%.0e.npy".formatted(offset), truth, 1, offset);
    }
  }

  /** Writes {@code offset + scale * values} as float64, [FRAMES, 2]. */
  private static void wide(String name, float[] values, double scale, double offset) {
    double[] moved =
        IntStream.range(0, values.length).mapToDouble(i -> offset + scale * values[i]).toArray();
    try (NpyWriter writer = NpyWriter.float64(work.path(name), FRAMES, 2)) {
      writer.write(moved, 0, moved.length);
    }
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
  }

  private static double fvu(String run, String backend, String truthFile) {
    Dynae.Result result = work.dynae("evaluate", run, "--truth", truthFile, "--backend", backend);
    assertEquals(0, result.code(), result.stderr());
    return JsonParser.parseString(result.stdout())
        .getAsJsonObject()
        .get("fvu_at_scale")
        .getAsDouble();
  }

  /** A spread of 0.01 around 1e6, of which float32 holds nothing. */
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void smallSpreadsFarFromZeroAreLearnt(Backends which) {
    which.open().close();
    String run = "far-" + which.backend();
    String[] command = trainingOn(which.backend(), run, with(STANDARDIZED, "--data", "far.npy"));
    Dynae.Result trained = work.dynae(command);
    assertEquals(0, trained.code(), trained.stderr());
    assertFalse(trained.stderr().contains("rounding"), trained.stderr());
    float[] z = NpyFrames.readAll(work.path(run + "/latent.npy"));
    assertTrue(IntStream.range(0, FRAMES).mapToObj(i -> z[2 * i]).distinct().count() > 2900);
    double expected = fvu(run, which.backend(), "true0e+00.npy");
    assertTrue(expected < 0.9, "fvu " + expected);
    assertEquals(expected, fvu(run, which.backend(), "true1e+06.npy"), 1e-7);
    assertEquals(expected, fvu(run, which.backend(), "true1e+08.npy"), 1e-5);
    String out = run + ".npy";
    Dynae.Result embedded =
        work.dynae("embed", run, "--data", "far.npy", "--backend", which.backend(), "--out", out);
    assertEquals(0, embedded.code(), embedded.stderr());
    assertArrayEquals(work.bytes(run + "/latent.npy"), work.bytes(out));
  }

  @Test
  void withoutStandardisationTheLossIsNamed() {
    wide("lossy.npy", observed, 1, 1e6);
    wide("one.npy", observed, 0.001, 1e6);
    Dynae.Result trained =
        work.dynae(training("lossy", "--data", "lossy.npy", "--set", "model=VAE"));
    assertTrue(
        trained
            .stderr()
            .contains(
                "lossy.npy: rounding to float32 takes over 1% of the spread of features 0, 1"),
        trained.stderr());
    work.assertRefusedAtOnce(
        work.dynae(training("collapsed", "--data", "one.npy")),
        "one.npy: all 3000 frames are alike once rounded",
        "standardize = True");
    work.assertAbsent("collapsed");
  }

  @Test
  void theReportDrawsWhatIsFarAroundItsMean() {
    work.train("drawn", with(STANDARDIZED, "--data", "far.npy"));
    Dynae.Result drawn = work.dynae("report", "drawn", "--truth", "true1e+08.npy");
    assertEquals(0, drawn.code(), drawn.stderr());
    assertTrue(
        drawn.stderr().contains("far.npy: drawn around its mean, [1000000."), drawn.stderr());
    assertTrue(
        drawn.stderr().contains("true1e+08.npy: drawn around its mean, [1.0"), drawn.stderr());
  }

  private static void bytes(String name, byte[] values, long... shape) {
    try (NpyWriter writer = NpyWriter.uint8(work.path(name), shape)) {
      writer.write(values, 0, values.length);
    }
  }

  /** Zeros and ones: contacts train as the same numbers of float32 do, images as a 255th. */
  @Test
  void bytesAreNumbersUnlessTheyAreImages() {
    Random random = new Random(4);
    byte[] contacts = new byte[6 * FRAMES];
    float[] numbers = new float[contacts.length];
    float[] pixels = new float[contacts.length];
    for (int i = 0; i < contacts.length; i++) {
      contacts[i] = (byte) random.nextInt(2);
      numbers[i] = contacts[i];
      pixels[i] = (float) (contacts[i] / 255.0);
    }
    bytes("contacts.npy", contacts, FRAMES, 6);
    bytes("images.npy", contacts, FRAMES, 3, 2);
    NpyWriter.write(work.path("numbers.npy"), numbers, FRAMES, 6);
    NpyWriter.write(work.path("pixels.npy"), pixels, FRAMES, 3, 2);
    String[] vae = {"--set", "model=VAE", "beta=0.01"};
    for (String name : new String[] {"contacts", "numbers", "images", "pixels"}) {
      Dynae.Result trained = work.dynae(training(name, with(vae, "--data", name + ".npy")));
      assertEquals(0, trained.code(), trained.stderr());
      assertEquals(
          name.equals("images"),
          trained
              .stderr()
              .contains("images.npy: unsigned bytes of images: pixels, divided by 255"));
      assertEquals(
          name.equals("contacts"), trained.stderr().contains("numbers, not divided by 255"));
    }
    assertArrayEquals(work.bytes("numbers/latent.npy"), work.bytes("contacts/latent.npy"));
    assertArrayEquals(work.bytes("pixels/latent.npy"), work.bytes("images/latent.npy"));
    assertEquals(0, work.dynae("evaluate", "contacts", "--backend", "java").code());
    String[] embed = {"embed", "contacts", "--data", "contacts.npy", "--out", "contacts-z.npy"};
    assertEquals(0, work.dynae(embed).code());
    assertArrayEquals(work.bytes("contacts/latent.npy"), work.bytes("contacts-z.npy"));
    // A run of floats may have been one of bytes that an earlier version divided.
    embed[1] = "numbers";
    embed[5] = "numbers-z.npy";
    work.assertRefused(work.dynae(embed), "contacts.npy: holds unsigned bytes that are no images");
    work.assertAbsent("numbers-z.npy");
  }

  @Test
  void theShapeIsNamedFirst() {
    float[] still = new float[400 * 60];
    for (int i = 0; i < still.length; i++) {
      still[i] = i % 60 == 7 ? 5 : (float) Math.sin(i * i);
    }
    NpyWriter.write(work.path("molecule.npy"), still, 400, 20, 3);
    Dynae.Result trained =
        work.dynae(training("molecule", "--data", "molecule.npy", "--set", "model=VAE"));
    assertTrue(
        trained
            .stderr()
            .startsWith(
                "400 frames of 20 x 3 = 60 features, 1 trajectory\nnever changing: feature 7 of 60\n"),
        trained.stderr());
    Dynae.Result strided =
        work.dynae(
            training(
                "strided",
                "--data",
                "sim/observed.npy",
                "far.npy",
                "--set",
                "stride=3",
                "model=VAE"));
    assertTrue(
        strided
            .stderr()
            .startsWith("2,000 of 6,000 frames (stride 3) of 2 features, 2 trajectories\n"),
        strided.stderr());
  }

  @Test
  void whatTeachesNothingIsRefused() {
    NpyWriter.write(work.path("still.npy"), new float[200], 100, 2);
    work.assertRefusedAtOnce(
        work.dynae(training("still", "--data", "still.npy")),
        "still.npy: all 100 frames are alike");
    wide("small.npy", observed, 1e-30, 0);
    work.assertRefusedAtOnce(
        work.dynae(training("small", "--data", "small.npy")),
        "small.npy: the variance of a frame is",
        "standardize = True");
    work.assertAbsent("small");
    work.train("scaled", with(STANDARDIZED, "--data", "small.npy"));
  }

  @Test
  void aFirstEpochThatDivergesNamesTheLargestValue() {
    float[] outlier = observed.clone();
    outlier[2 * 1234 + 1] = -1e19f;
    NpyWriter.write(work.path("outlier.npy"), outlier, FRAMES, 2);
    Dynae.Result result = work.dynae(training("outlier", "--data", "outlier.npy"));
    assertEquals(4, result.code(), result.stderr());
    assertTrue(result.stderr().contains("outlier.npy: frame 1234, feature 1"), result.stderr());
    assertTrue(result.stderr().contains("largest value of the data: -9.99"), result.stderr());
  }
}
