// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.testing.Backends;
import io.dynae.testing.LittleMemory;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Data that change under a training end it with its last good state. */
class ChangedDataTest {
  private static final int FRAMES = 600;

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void write() {
    data = folder.resolve("x.npy");
    NpyWriter.write(data, waves(1), FRAMES, 2);
  }

  private static float[] waves(int seed) {
    Random random = new Random(seed);
    float[] x = new float[2 * FRAMES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Overwrites bytes of the same file, as somebody who opens it for writing does. */
  private void overwrite(byte[] bytes) {
    try {
      Files.write(data, bytes, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] other() {
    try {
      Path file = folder.resolve("other.npy");
      NpyWriter.write(file, waves(2), FRAMES, 2);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Trains three epochs and lets {@code change} happen after the first. */
  private void train(Backend backend, Runnable change, Runnable atTheEnd) {
    RunConfig config =
        RunConfig.defaults(
            List.of("model=VAE", "input_data=[" + data + "]", "max_epochs=3", "batch_size=50"));
    RunDirectory directory = RunDirectory.vacant(folder.resolve("run"));
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void progress(Progress progress, EpochLosses mean) {}

          @Override
          public void epochDone(Progress progress, EpochLosses mean) {
            if (progress.epoch() == 0) {
              change.run();
            }
          }

          @Override
          public void note(String text) {}
        };
    try (TrainingData opened = TrainingData.open(config)) {
      Member member = Member.of(config, directory, opened);
      StopSignal stop = new StopSignal(code -> {});
      try (Trainer trainer = new Trainer(backend, List.of(member), listener, stop)) {
        stop.begin();
        directory.begin(config, 0);
        trainer.run();
        if (member.failure() != null) {
          throw member.failure();
        }
        atTheEnd.run();
        trainer.writeResults(member);
      }
    }
  }

  private void assertRefused(Backend backend, Runnable change, String words) {
    InputException refused =
        assertThrows(InputException.class, () -> train(backend, change, () -> {}));
    assertEquals(2, refused.exitCode());
    String line = refused.getMessage();
    assertTrue(line.startsWith(data + ": changed while it was in use: "), line);
    assertTrue(line.contains(words), line);
    assertEquals(1, Checkpoint.read(folder.resolve("run/" + Checkpoint.FILE)).epoch);
    assertTrue(Files.notExists(folder.resolve("run/latent.npy")));
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void overwrittenDataEndTheTraining(Backends which) {
    try (Backend backend = which.open()) {
      assertRefused(backend, () -> overwrite(other()), "it was written at");
    }
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void soDoDataThatAreReadAsNeeded(Backends which) {
    try (Backend backend = which.open()) {
      assertRefused(LittleMemory.of(backend, 1000), () -> overwrite(other()), "it was written at");
    }
  }

  @Test
  void soDoAnotherFileOfThatNameAndNone() throws IOException {
    try (Backend backend = Backends.JAVA.open()) {
      FileTime time = Files.getLastModifiedTime(data);
      assertRefused(
          backend,
          () -> {
            try {
              Path replacement = Files.write(folder.resolve("new.npy"), other());
              Files.setLastModifiedTime(replacement, time);
              Files.move(replacement, data, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          "another file has taken its name");
    }
  }

  @Test
  void whatKeepsSizeAndTimeIsFoundAtTheEnd() throws IOException {
    FileTime time = Files.getLastModifiedTime(data);
    Runnable secretly =
        () -> {
          overwrite(other());
          try {
            Files.setLastModifiedTime(data, time);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try (Backend backend = Backends.JAVA.open()) {
      InputException refused =
          assertThrows(InputException.class, () -> train(backend, () -> {}, secretly));
      assertTrue(refused.getMessage().contains("crc "), refused.getMessage());
      assertTrue(Files.notExists(folder.resolve("run/latent.npy")));
    }
  }

  @Test
  void dataThatStayTrainToTheEnd() {
    try (Backend backend = Backends.JAVA.open()) {
      train(backend, () -> {}, () -> {});
    }
    assertEquals(3, Checkpoint.read(folder.resolve("run/" + Checkpoint.FILE)).epoch);
  }
}
