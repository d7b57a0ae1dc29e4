// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.dataset.DataNotes;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.train.LatentTrajectory;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunResults;
import io.dynae.train.TrainingData;
import io.dynae.trajectory.FiniteCheck;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.StackedFrames;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Latents of trajectories end to end, with their frames where those have two features.
 *
 * @param values [N][d]
 * @param lengths frames of each trajectory
 * @param source where they come from, for messages
 * @param observed [N][2], or null
 */
record Latents(float[] values, int[] lengths, String source, float[] observed) {
  /** Of files, strided as the run's own data are, encoded now. */
  static Latents of(List<String> files, RunConfig config, Checkpoint model, Backend backend) {
    try (StackedFrames frames = StackedFrames.open(files, config.stride())) {
      FrameSurvey survey = FrameSurvey.of(frames, false);
      boolean standardized = !model.standardizer.identity();
      DataNotes.ofNewInput(survey, standardized).reading().forEach(System.err::println);
      return of(frames, model, backend);
    }
  }

  /** Of the run's own data, encoded now. */
  static Latents of(RunConfig config, Checkpoint model, Backend backend) {
    try (TrainingData data = TrainingData.openToMeasure(config)) {
      return of(data.input(), model, backend);
    }
  }

  private static Latents of(StackedFrames frames, Checkpoint model, Backend backend) {
    float[] z = LatentTrajectory.encode(backend, model, frames);
    float[] observed = frames.features() == 2 ? drawn(frames) : null;
    return new Latents(z, frames.lengths(), frames.source(), observed);
  }

  private static float[] drawn(StackedFrames frames) {
    double[] origin = Drawn.origin(FrameSurvey.of(frames, false));
    return Drawn.floats(frames.readAllDoubles(), origin);
  }

  /** Whether training wrote some, and of this state: a resumed run keeps older ones to its end. */
  static boolean areOf(RunDirectory run, Checkpoint model) {
    return Files.exists(run.latent())
        && (!Files.exists(run.summary()) || RunResults.steps(run.summary()) == model.step);
  }

  /** Those that training wrote. */
  static Latents stored(RunDirectory run, RunConfig config, Checkpoint model) {
    try (NpyFrames frames = NpyFrames.open(run.latent().toString())) {
      int d = model.shape.latent();
      if (frames.features() != d) {
        throw new InputException(
            "%s: latents of d = %d does not hold: %d; give --data to encode anew"
                .formatted(frames.source(), d, frames.features()));
      }
      FiniteCheck.require(frames);
      int[] lengths = lengths(run.summary(), (int) frames.count());
      float[] observed = model.shape.inputs() == 2 ? observed(run, config, model, lengths) : null;
      return new Latents(frames.readAll(), lengths, frames.source(), observed);
    }
  }

  /** Frames that the stored latents are of; null, with a line that says so, where they are gone. */
  private static float[] observed(
      RunDirectory run, RunConfig config, Checkpoint model, int[] lengths) {
    try (TrainingData data = TrainingData.openToMeasure(config)) {
      StackedFrames frames = data.input();
      if (!Arrays.equals(frames.lengths(), lengths)) {
        throw new InputException(
            "%s: frames = frames of %s does not hold: %s, %s"
                .formatted(
                    frames.source(),
                    run.latent(),
                    Arrays.toString(frames.lengths()),
                    Arrays.toString(lengths)));
      }
      model.requireData(data.fingerprint(), run.checkpoint());
      return drawn(frames);
    } catch (InputException e) {
      System.err.println("the panel of the data is left out: " + e.getMessage());
      return null;
    }
  }

  /** Lengths that the summary names; without a summary all is one trajectory. */
  private static int[] lengths(Path summary, int frames) {
    if (!Files.exists(summary)) {
      return new int[] {frames};
    }
    try {
      JsonObject json = JsonParser.parseString(Files.readString(summary)).getAsJsonObject();
      int[] lengths =
          StreamSupport.stream(json.getAsJsonArray("trajectory_lengths").spliterator(), false)
              .mapToInt(length -> length.getAsInt())
              .toArray();
      if (Arrays.stream(lengths).sum() == frames) {
        return lengths;
      }
      throw new InputException(
          "%s: trajectory_lengths = frames of latent.npy does not hold: %s, %d; give --data to encode anew"
              .formatted(summary, Arrays.toString(lengths), frames));
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | ClassCastException
        | NumberFormatException
        | UnsupportedOperationException
        | NullPointerException e) {
      throw new InputException(
          summary + ": is no summary of a run: it is damaged; restore or delete it", e);
    }
  }
}
