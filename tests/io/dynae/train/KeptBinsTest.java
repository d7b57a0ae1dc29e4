// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.testing.Backends;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bins that sufficed at first and do not later, as the latent spreads, are kept from the epoch
 * before: what a training has come to is no bad input.
 */
class KeptBinsTest {
  private static final int FRAMES = 3000;

  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();

  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void progress(Progress progress, EpochLosses losses) {}

        @Override
        public void epochDone(Progress progress, EpochLosses losses) {}

        @Override
        public void note(String text) {
          notes.add(text);
        }
      };

  private Path data() {
    Random random = new Random(5);
    float[] x = new float[2 * FRAMES];
    for (int i = 2; i < x.length; i++) {
      x[i] = (float) (x[i - 2] * Math.exp(-0.02) + 0.2 * random.nextGaussian());
    }
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, x, FRAMES, 2);
    return file;
  }

  private Member train(Backend backend, TrainingData data, String run, RunConfig config) {
    Path path = folder.resolve(run);
    RunDirectory directory =
        Files.exists(path) ? RunDirectory.open(path) : RunDirectory.vacant(path);
    Member member = Member.of(config, directory, data);
    StopSignal never = new StopSignal(code -> {});
    try (Trainer trainer = new Trainer(backend, List.of(member), listener, never)) {
      directory.begin(config, member.state().epoch);
      trainer.run();
      return member;
    }
  }

  private RunConfig config(Path file, int epochs, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.addAll(
        List.of("input_data=[" + file + "]", "batch_size=64", "max_epochs=" + epochs, "beta=1"));
    return RunConfig.defaults(settings);
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA", "OPENCL", "CUDA"})
  void theTrainingGoesOn(Backends on) throws IOException {
    Path file = data();
    RunConfig config = config(file, 12, "min_dist=2");
    try (TrainingData data = TrainingData.open(config);
        Backend backend = on.open()) {
      Member whole = train(backend, data, "whole", config);
      assertNull(whole.failure());
      assertEquals(12, whole.state().epoch);
      List<String> metrics = Files.readAllLines(folder.resolve("whole/metrics.jsonl"));
      long kept = metrics.stream().filter(line -> line.contains("\"bins_kept\":true")).count();
      assertTrue(kept > 0 && kept < 12, "epochs that kept bins: " + kept);
      assertEquals(1, notes.size(), notes.toString());
      assertTrue(
          notes.get(0).matches(".*: epoch \\d+: training pairs in bins .* < 80% .* are kept, .*"),
          notes.get(0));
      assertResumesTheSame(backend, data, file, whole);
    }
  }

  /** Where the bins of the epoch before count, they are those of the checkpoint. */
  private void assertResumesTheSame(Backend backend, TrainingData data, Path file, Member whole) {
    for (int epochs = 9; epochs <= 12; epochs++) {
      Member part = train(backend, data, "parts", config(file, epochs, "min_dist=2"));
      assertNull(part.failure());
      if (epochs == 12) {
        assertArrayEquals(whole.state().parameters, part.state().parameters);
        assertArrayEquals(whole.state().binCenters, part.state().binCenters);
      }
    }
  }

  @Test
  void theFirstBinsMaySayThatSettingsDoNotFitTheData() {
    RunConfig config = config(data(), 12, "min_dist=1e-3");
    try (TrainingData data = TrainingData.open(config);
        Backend backend = Backends.JAVA.open()) {
      Member member = train(backend, data, "refused", config);
      assertTrue(member.failure() instanceof InputException);
      String message = member.failure().getMessage();
      assertTrue(message.startsWith("bins > max_centers (200) at min_dist 0.001"), message);
      Matcher advised = Pattern.compile("larger min_dist: (\\S+) gives").matcher(message);
      assertTrue(advised.find(), message);
      RunConfig wider =
          config(Path.of(config.inputData().get(0)), 2, "min_dist=" + advised.group(1));
      assertNull(train(backend, data, "advised", wider).failure());
    }
  }

  @Test
  void theLargestDistanceMakesOneBin() {
    RunConfig config = config(data(), 2, "min_dist=1e9");
    try (TrainingData data = TrainingData.open(config);
        Backend backend = Backends.JAVA.open()) {
      Member member = train(backend, data, "one", config);
      assertNull(member.failure());
      assertEquals(1, member.state().binCounts.length);
      assertEquals(1, notes.size(), notes.toString());
      assertTrue(notes.get(0).contains("all epochs had one bin"), notes.get(0));
    }
  }
}
