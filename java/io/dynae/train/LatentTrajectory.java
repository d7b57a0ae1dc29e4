// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.compute.Backend;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.LatentEncoder;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Encodes whole trajectories with a trained model. */
public final class LatentTrajectory {
  private LatentTrajectory() {}

  /** Takes {@code n} latents, {@code z[0 .. n*d)}, frames in order. */
  private interface Sink {
    void accept(float[] z, int n);
  }

  /** Latents of all frames, [frames][d]. */
  public static float[] encode(Backend backend, Checkpoint model, Frames frames) {
    int latent = model.shape.latent();
    float[] all = new float[Math.toIntExact(frames.count() * latent)];
    int[] at = {0};
    each(
        backend,
        model,
        frames,
        (z, n) -> {
          System.arraycopy(z, 0, all, at[0], n * latent);
          at[0] += n * latent;
        });
    return all;
  }

  /** Writes the latents of all frames as float32 [frames, d], atomically. */
  public static void write(Backend backend, Checkpoint model, Frames frames, Path file) {
    int latent = model.shape.latent();
    try (NpyWriter writer = NpyWriter.float32(file, frames.count(), latent)) {
      each(backend, model, frames, (z, n) -> writer.write(z, 0, n * latent));
    }
  }

  /** Writes the latents of all {@code count} frames of bound tables, making the folder. */
  static void write(LatentEncoder encoder, BatchTables tables, long count, int latent, Path file) {
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new InputException(
          file + ": its folder cannot be created (" + e + "); free the name", e);
    }
    try (NpyWriter writer = NpyWriter.float32(file, count, latent)) {
      each(encoder, tables, (int) count, latent, (z, n) -> writer.write(z, 0, n * latent));
    }
  }

  private static void each(Backend backend, Checkpoint model, Frames frames, Sink sink) {
    if (frames.features() != model.shape.inputs()) {
      throw new InputException(
          "%s: features = inputs of the model does not hold: %d, %d; give data like the training data"
              .formatted(frames.source(), frames.features(), model.shape.inputs()));
    }
    try (LatentEncoder encoder = new LatentEncoder(backend, model.shape, false);
        BatchTables tables =
            new BatchTables(backend, frames, null, 0, model.standardizer, LatentEncoder.CHUNK)) {
      encoder.parameters(model.average);
      tables.bind(encoder);
      each(encoder, tables, (int) frames.count(), model.shape.latent(), sink);
    }
  }

  private static void each(
      LatentEncoder encoder, BatchTables tables, int count, int latent, Sink sink) {
    for (int first = 0; first < count; first += LatentEncoder.CHUNK) {
      int[] numbers = new int[Math.min(LatentEncoder.CHUNK, count - first)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = first + i;
      }
      float[] z = new float[numbers.length * latent];
      tables.encode(encoder, numbers, latent, z);
      sink.accept(z, numbers.length);
    }
  }
}
