// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.analysis.Procrustes;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.model.LatentDecoder;
import io.dynae.report.ImageRow;
import io.dynae.report.ImagesFigure;
import io.dynae.report.Scatter;
import io.dynae.train.RunDirectory;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Draws what a model makes of images: frames with their reconstructions, walks along each latent
 * coordinate, and its latents against the true coordinates (Figure 5).
 */
final class ImageFigures {
  private static final int IMAGES = 8;

  /** Walks go from this quantile of a latent to its mirror image, the others at their medians. */
  private static final double LEAST = 0.02;

  private static final Map<String, List<String>> COORDINATES =
      Map.of(
          "dsprites-2", List.of("x", "y"),
          "dsprites-3", List.of("x", "y", "size"),
          "shapes3d", List.of("hue", "size", "angle"),
          "dna", List.of("x", "y"));

  private final String system;
  private final Backend backend;
  private final Checkpoint model;
  private final RunConfig config;
  private final float[] latent;
  private final float[] truth;
  private final int d;

  /**
   * Reads a run.
   *
   * @param run directory of a DynAE, whose latents are in diffusion lengths
   */
  ImageFigures(String system, SimulatedSystem data, Path run, Backend backend) {
    this.system = system;
    this.backend = backend;
    RunDirectory directory = RunDirectory.open(run);
    model = Checkpoint.read(directory.checkpoint());
    config = RunConfig.readRun(directory.config(), List.of());
    latent = NpyFrames.readAll(directory.latent());
    truth = NpyFrames.readAll(data.truth());
    d = model.shape.latent();
  }

  /** Draws frames evenly spaced in time. */
  void draw(SimulatedSystem data, FigureFolder folder) {
    try (Frames frames = NpyFrames.open(data.observed().toString());
        LatentDecoder decoder = new LatentDecoder(backend, model.shape)) {
      decoder.parameters(model.average);
      int count = Math.toIntExact(frames.count());
      int shown = Math.min(IMAGES, count);
      int[] chosen = new int[shown];
      float[] codes = new float[shown * d];
      for (int i = 0; i < shown; i++) {
        chosen[i] = (int) ((i + 0.5) * count / shown);
        System.arraycopy(latent, chosen[i] * d, codes, i * d, d);
      }
      float[] pixels = new float[shown * frames.features()];
      frames.gather(chosen, 0, shown, pixels, 0);
      int[] shape = frames.shape();
      List<ImageRow> walks = new ArrayList<>();
      for (int axis = 0; axis < d; axis++) {
        walks.add(row("along z" + (axis + 1), shape, decoded(decoder, walk(axis), IMAGES)));
      }
      folder.write(
          "figure5",
          new ImagesFigure(
              row("frames", shape, pixels),
              row("decoded", shape, decoded(decoder, codes, shown)),
              walks,
              scatters(count)));
    }
  }

  /** Reconstructions in the unit of the frames. */
  private float[] decoded(LatentDecoder decoder, float[] codes, int n) {
    float[] pixels = decoder.decode(codes, n);
    if (config.predictsInput()) {
      model.standardizer.undo(pixels, n);
    }
    return pixels;
  }

  private static ImageRow row(String label, int[] shape, float[] pixels) {
    return new ImageRow(label, shape[1], shape[2], shape[3], pixels);
  }

  private float[] walk(int axis) {
    float[] codes = new float[IMAGES * d];
    for (int k = 0; k < d; k++) {
      float[] sorted = column(latent, k);
      Arrays.sort(sorted);
      for (int i = 0; i < IMAGES; i++) {
        double share = k == axis ? LEAST + (1 - 2 * LEAST) * i / (IMAGES - 1) : 0.5;
        codes[i * d + k] = sorted[(int) (share * (sorted.length - 1))];
      }
    }
    return codes;
  }

  private List<Scatter> scatters(int frames) {
    double unit = Procrustes.diffusionLength(truth, d, new int[] {frames}, config.lag());
    float[] aligned = Procrustes.of(latent, truth, d, unit).apply(latent);
    List<Scatter> scatters = new ArrayList<>();
    for (int k = 0; k < d; k++) {
      scatters.add(
          new Scatter(
              COORDINATES.get(system).get(k) + " (diffusion lengths)",
              column(truth, k),
              column(aligned, k)));
    }
    return scatters;
  }

  private float[] column(float[] values, int k) {
    float[] column = new float[values.length / d];
    for (int n = 0; n < column.length; n++) {
      column[n] = values[n * d + k];
    }
    return column;
  }
}
