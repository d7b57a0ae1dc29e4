// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.error.InputException;
import io.dynae.file.IoFailure;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Streams the trajectory of a known system to disk.
 *
 * <p>One thread moves the system, all cores draw its frames, and the files take them in order, so
 * the bytes depend on the system, the noise and the seed alone; a shorter run is the start of a
 * longer one.
 */
public final class Simulation {
  /** Observed values of a chunk, at most: 8 MB of float64, or 1 MB of bytes. */
  private static final int CHUNK_VALUES = 1 << 20;

  private static final int MOST_CHUNK_FRAMES = 2048;

  /** Names of the files: the truth, and what is observed of it. */
  public static final List<String> FILES = List.of("true.npy", "observed.npy");

  private Simulation() {}

  /**
   * The files of one simulation of N frames.
   *
   * @param truth {@code true.npy}, float64 [N, dimension]
   * @param observed {@code observed.npy}: float64 [N, features], or unsigned bytes [N, channels,
   *     height, width] where 255 is brightness 1
   */
  public record Output(Path truth, Path observed) {}

  /**
   * Simulates {@code frames} frames into {@code folder}, which is made where it is missing.
   *
   * @param seed keys what is random in looking at a state, such as photons
   * @throws InputException unless {@code frames >= 1}, or where the folder cannot be written
   */
  public static Output run(
      KnownSystem system, int frames, NoiseSource noise, long seed, Path folder) {
    if (frames < 1) {
      throw new InputException("simulate: frames >= 1 does not hold: " + frames);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoFailure.of(folder.toString(), "cannot be made a folder", e);
    }
    Output output = files(folder);
    try (NpyWriter truth = NpyWriter.float64(output.truth, frames, system.dimension());
        NpyWriter observed = observed(system, output.observed, frames)) {
      write(system, frames, noise, seed, truth, observed);
    }
    return output;
  }

  /** The files of a simulation in a folder, be they there or not. */
  public static Output files(Path folder) {
    return new Output(folder.resolve(FILES.get(0)), folder.resolve(FILES.get(1)));
  }

  private static NpyWriter observed(KnownSystem system, Path target, int frames) {
    int[] frame = system.frameShape();
    long[] shape = new long[frame.length + 1];
    shape[0] = frames;
    for (int i = 0; i < frame.length; i++) {
      shape[i + 1] = frame[i];
    }
    return system.images() ? NpyWriter.uint8(target, shape) : NpyWriter.float64(target, shape);
  }

  private static void write(
      KnownSystem system,
      int frames,
      NoiseSource noise,
      long seed,
      NpyWriter truth,
      NpyWriter observed) {
    int features = Arrays.stream(system.frameShape()).reduce(1, Math::multiplyExact);
    int chunk = Math.max(1, Math.min(MOST_CHUNK_FRAMES, CHUNK_VALUES / features));
    Motion motion = system.start(noise);
    int size = motion.stateSize();
    int d = system.dimension();
    double[] states = new double[chunk * size];
    double[] rows = new double[chunk * d];
    double[] values = new double[system.images() ? 0 : chunk * features];
    byte[] pixels = new byte[system.images() ? chunk * features : 0];
    for (int done = 0; done < frames; done += chunk) {
      int first = done;
      int n = Math.min(chunk, frames - done);
      motion.advance(n, states);
      for (int i = 0; i < n; i++) {
        System.arraycopy(states, i * size, rows, i * d, d);
      }
      truth.write(rows, 0, n * d);
      IntStream.range(0, n)
          .parallel()
          .forEach(
              i -> {
                double[] out = new double[features];
                system.observe(states, i * size, seed, first + i, out);
                if (system.images()) {
                  toBytes(out, pixels, i * features);
                } else {
                  System.arraycopy(out, 0, values, i * features, features);
                }
              });
      if (system.images()) {
        observed.write(pixels, 0, n * features);
      } else {
        observed.write(values, 0, n * features);
      }
    }
  }

  /** Brightness 0 to 1 as the nearest of 256 levels; beyond, the nearest end. */
  private static void toBytes(double[] brightness, byte[] out, int at) {
    for (int i = 0; i < brightness.length; i++) {
      out[at + i] = (byte) Math.max(0, Math.min(255, Math.round(255 * brightness[i])));
    }
  }
}
