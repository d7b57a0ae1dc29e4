// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files as published for the method run as they are, beside the data they name. */
class PublishedIniTest {
  private static final String DATA = "examples/three_state_transformed_traj_data200k.npy";
  private static final String PUBLISHED =
      """
      # Every section, key and value of a published file.

      [Model Parameters]
      d = [2]
      encoder_type = fc_encoder
      decoder_type = fc_decoder
      neuron_num1 = [32]
      neuron_num2 = [32]
      model = DynamicsAE
      projection_num = 50
      min_dist = 5
      bias_factor = 2
      prior_dynamics = Langevin
      nu = 0.0065

      [Training Parameters]
      batch_size = 256

      # Cut to %d for this test
      max_epochs = %d
      lr_scheduler_step_size = 100
      lr_scheduler_gamma = 1
      log_interval = %d
      learning_rate = [1e-3]
      beta = [10]

      [Data]
      input_data = [%s]
      target_data = [%s]

      [Other Controls]
      seed = [0]
      SaveTrajResults = %s
      SaveTrainingProgress = %s
      """;

  @TempDir private Path folder;
  private Workspace work;

  @BeforeEach
  void prepare() throws IOException {
    work = new Workspace(folder);
    Files.createDirectory(folder.resolve("examples"));
    Files.move(folder.resolve("sim/observed.npy"), folder.resolve(DATA));
  }

  private Dynae.Result train(int epochs, int interval, String results, String progress) {
    work.write(
        "sample.ini", PUBLISHED.formatted(epochs, epochs, interval, DATA, DATA, results, progress));
    return work.dynae("train", "sample.ini", "--backend", "java", "--out", "run");
  }

  @Test
  void runsUnchanged() {
    Dynae.Result result = train(2, 10, "True", "False");
    assertEquals(0, result.code(), result.stderr());
    List<String> notes = result.stderr().lines().filter(l -> !l.startsWith("epoch ")).toList();
    assertEquals(
        List.of(
            "3,000 frames of 2 features, 1 trajectory",
            "run: all epochs had one bin, so min_dist (5.0) did nothing; more epochs or a smaller"
                + " one make more bins"),
        notes,
        "nu has its default there");
    try (NpyFrames latent = NpyFrames.open(work.path("run/latent.npy").toString())) {
      assertArrayEquals(new int[] {Workspace.FRAMES, 2}, latent.shape());
    }
    work.assertAbsent("run/progress");
    // The resolved file is the same configuration, wherever it is run from.
    Dynae.Result again =
        work.dynae("train", "run/config.ini", "--backend", "java", "--out", "again");
    assertEquals(0, again.code(), again.stderr());
    assertArrayEquals(
        work.bytes("run/checkpoint.safetensors"), work.bytes("again/checkpoint.safetensors"));
    assertEquals(work.text("run/config.ini"), work.text("again/config.ini"));
  }

  @Test
  void resultsAreLeftOutWhenTheFileSaysSo() {
    Dynae.Result result = train(2, 10, "False", "False");
    assertEquals(0, result.code(), result.stderr());
    work.assertAbsent("run/latent.npy");
    work.assertAbsent("run/progress");
    assertTrue(Files.exists(work.path("run/summary.json")));
  }

  @Test
  void progressIsWrittenAtEveryInterval() throws IOException {
    Dynae.Result result = train(4, 2, "True", "True");
    assertEquals(0, result.code(), result.stderr());
    try (Stream<Path> files = Files.list(work.path("run/progress"))) {
      assertEquals(
          List.of("latent_epoch_2.npy", "latent_epoch_4.npy"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    // After the last epoch both are the latents of the final weights.
    assertArrayEquals(work.bytes("run/latent.npy"), work.bytes("run/progress/latent_epoch_4.npy"));
    Dynae.Result embedded =
        work.dynae("embed", "run", "--data", DATA, "--backend", "java", "--out", "z.npy");
    assertEquals(0, embedded.code(), embedded.stderr());
    assertArrayEquals(work.bytes("run/latent.npy"), work.bytes("z.npy"));
    work.assertNoTemporaryFile();
  }
}
