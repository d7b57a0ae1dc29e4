// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.compute.Backend;
import io.dynae.model.Checkpoint;
import io.dynae.model.LatentEncoder;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyWriter;
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
    try (LatentEncoder encoder = encoder(backend, model, frames);
        BatchTables tables = tables(backend, model, frames)) {
      encoder.parameters(model.average);
      tables.bind(encoder);
      return encode(encoder, tables, (int) frames.count(), model.shape.latent());
    }
  }

  /** Latents of all {@code count} frames of bound tables, [count][d]. */
  static float[] encode(LatentEncoder encoder, BatchTables tables, int count, int latent) {
    float[] all = new float[Math.multiplyExact(count, latent)];
    int[] at = {0};
    each(
        encoder,
        tables,
        count,
        latent,
        (z, n) -> {
          System.arraycopy(z, 0, all, at[0], n * latent);
          at[0] += n * latent;
        });
    return all;
  }

  /** Writes the latents of all frames as float32 [frames, d], atomically. */
  public static void write(Backend backend, Checkpoint model, Frames frames, Path file) {
    try (LatentEncoder encoder = encoder(backend, model, frames);
        BatchTables tables = tables(backend, model, frames)) {
      encoder.parameters(model.average);
      tables.bind(encoder);
      write(encoder, tables, frames.count(), model.shape.latent(), file);
    }
  }

  /** Writes the latents of all {@code count} frames of bound tables. */
  static void write(LatentEncoder encoder, BatchTables tables, long count, int latent, Path file) {
    try (NpyWriter writer = NpyWriter.float32(file, count, latent)) {
      each(encoder, tables, (int) count, latent, (z, n) -> writer.write(z, 0, n * latent));
    }
  }

  private static LatentEncoder encoder(Backend backend, Checkpoint model, Frames frames) {
    model.shape.requireFrames(frames.shape(), frames.source());
    model.requireSameBytes(frames);
    return new LatentEncoder(backend, model.shape);
  }

  private static BatchTables tables(Backend backend, Checkpoint model, Frames frames) {
    return new BatchTables(backend, frames, null, 0, model.standardizer, 1);
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
      if (first + numbers.length == count) {
        // What is written last makes a whole file, so nothing comes of data that changed.
        tables.requireUnchanged();
      }
      sink.accept(z, numbers.length);
    }
  }
}
