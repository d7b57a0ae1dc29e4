// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.config.RunConfig;
import io.dynae.testing.LittleMemory;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are read from the file as needed train to the bytes of frames that all fit. */
class StagedTrainingTest {
  private static final int FRAMES = 9000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"DynamicsAE", "VAE", "SDEVAE"})
  void endsWithTheBytesOfFramesThatFit(String model) throws IOException {
    Random random = new Random(1);
    float[] x = new float[2 * FRAMES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    Path data = folder.resolve("x.npy");
    NpyWriter.write(data, x, FRAMES, 2);
    List<String> notes = new ArrayList<>();
    try (Backend backend = new JavaBackend(1)) {
      Path fits = train(backend, data, model, "fits", notes);
      // Latents of noise lie in one bin.
      notes.removeIf(note -> note.contains("all epochs had one bin"));
      assertEquals(List.of(), notes);
      Path staged = train(LittleMemory.of(backend, 1000), data, model, "staged", notes);
      notes.removeIf(note -> note.contains("all epochs had one bin"));
      assertEquals(1, notes.size(), notes.toString());
      for (String file : List.of("checkpoint.safetensors", "latent.npy")) {
        byte[] expected = Files.readAllBytes(fits.resolve(file));
        assertArrayEquals(expected, Files.readAllBytes(staged.resolve(file)), file);
      }
    }
  }

  private final List<EpochLosses> losses = new ArrayList<>();

  private Path train(Backend backend, Path data, String model, String name, List<String> notes) {
    RunConfig config =
        RunConfig.defaults(
            List.of(
                "model=" + model,
                "input_data=[" + data + "]",
                "max_epochs=2",
                "batch_size=100",
                "min_dist=50",
                "neuron_num1=5",
                "neuron_num2=5"));
    Path out = folder.resolve(name);
    RunDirectory directory = RunDirectory.vacant(out);
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void progress(Progress progress, EpochLosses mean) {}

          @Override
          public void epochDone(Progress progress, EpochLosses mean) {}

          @Override
          public void note(String text) {
            notes.add(text);
          }
        };
    try (TrainingData opened = TrainingData.open(config)) {
      Member member = Member.of(config, directory, opened);
      StopSignal stop = new StopSignal(code -> {});
      try (Trainer trainer = new Trainer(backend, List.of(member), listener, stop)) {
        stop.begin();
        directory.begin(config, 0);
        trainer.run();
        assertNull(member.failure());
        trainer.writeResults(member);
        losses.add(trainer.testLosses(member));
        assertEquals(losses.get(0), trainer.testLosses(member));
      }
    }
    return out;
  }
}
