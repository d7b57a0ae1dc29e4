// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.file.AtomicFile;
import io.dynae.simulation.Simulation;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** {@code frames.png} beside the arrays of a simulation: what the system looks like. */
public final class SimulationPicture {
  private static final int FRAMES = 16;
  private static final int COLUMNS = 8;
  private static final int GAP = 2;
  private static final int WHITE = 0xffffff;

  /** Smaller images are drawn larger, to about this side. */
  private static final int SIDE = 64;

  /** Side of a panel of densities, and the cells that it shows. */
  private static final int PANEL = 256;

  private static final int CELLS = 64;
  private static final int CHUNK = 4096;

  private SimulationPicture() {}

  /**
   * Writes the picture of a simulation: for images sixteen frames, evenly spaced over the whole
   * run; else where the frames lie, the first two true coordinates beside the first two observed
   * ones, darker where more are (logarithm of the counts).
   *
   * @param target the PNG file
   */
  public static void write(boolean images, Simulation.Output files, Path target) {
    try (Frames truth = NpyFrames.open(files.truth().toString());
        Frames observed = NpyFrames.open(files.observed().toString())) {
      save(images ? frames(observed) : densities(truth, observed), target);
    }
  }

  private static void save(BufferedImage picture, Path target) {
    AtomicFile.write(target, stream -> Png.write(picture, stream));
  }

  private static BufferedImage frames(Frames observed) {
    int[] shape = observed.shape();
    int height = shape[2];
    int width = shape[3];
    int count = (int) Math.min(FRAMES, observed.count());
    int rows = (count + COLUMNS - 1) / COLUMNS;
    boolean gray = shape[1] == 1;
    int zoom = Math.max(1, SIDE / Math.max(height, width));
    int across = zoom * width + GAP;
    int down = zoom * height + GAP;
    BufferedImage picture = blank(COLUMNS * across - GAP, rows * down - GAP, gray);
    float[] frame = new float[observed.features()];
    for (int i = 0; i < count; i++) {
      long number = count == 1 ? 0 : i * (observed.count() - 1) / (count - 1);
      observed.read((int) number, 1, frame, 0);
      int left = i % COLUMNS * across;
      int top = i / COLUMNS * down;
      for (int pixel = 0; pixel < height * width; pixel++) {
        int rgb = 0;
        for (int k = 0; k < 3; k++) {
          float brightness = frame[(gray ? 0 : k * height * width) + pixel];
          rgb = rgb << 8 | Math.round(255 * brightness);
        }
        for (int dot = 0; dot < zoom * zoom; dot++) {
          int x = zoom * (pixel % width) + dot % zoom;
          set(picture, left + x, top + zoom * (pixel / width) + dot / zoom, rgb);
        }
      }
    }
    return picture;
  }

  private static BufferedImage densities(Frames truth, Frames observed) {
    BufferedImage picture = blank(2 * PANEL + GAP, PANEL, true);
    density(truth, picture, 0);
    density(observed, picture, PANEL + GAP);
    return picture;
  }

  /** Counts the frames in square cells that span the longer of two ranges; up is positive. */
  private static void density(Frames frames, BufferedImage picture, int left) {
    int features = frames.features();
    double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    each(
        frames,
        (values, at) -> {
          for (int k = 0; k < 2; k++) {
            low[k] = Math.min(low[k], values[at + k]);
            high[k] = Math.max(high[k], values[at + k]);
          }
        },
        features);
    squared(low, high);
    int[] counts = new int[CELLS * CELLS];
    each(
        frames,
        (values, at) -> {
          int x = cell(values[at], low[0], high[0]);
          int y = CELLS - 1 - cell(values[at + 1], low[1], high[1]);
          counts[y * CELLS + x]++;
        },
        features);
    int most = 1;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    for (int y = 0; y < PANEL; y++) {
      for (int x = 0; x < PANEL; x++) {
        int count = counts[y * CELLS / PANEL * CELLS + x * CELLS / PANEL];
        int shade = (int) Math.round(255 * (1 - Math.log1p(count) / Math.log1p(most)));
        set(picture, left + x, y, shade * 0x010101);
      }
    }
  }

  /** Widens the shorter of two ranges to the longer one, so that both axes have one scale. */
  private static void squared(double[] low, double[] high) {
    double half = Math.max(high[0] - low[0], high[1] - low[1]) / 2;
    for (int k = 0; k < 2; k++) {
      double center = (low[k] + high[k]) / 2;
      low[k] = center - half;
      high[k] = center + half;
    }
  }

  private interface Row {
    void accept(float[] values, int at);
  }

  private static void each(Frames frames, Row row, int features) {
    float[] chunk = new float[CHUNK * features];
    int count = (int) frames.count();
    for (int first = 0; first < count; first += CHUNK) {
      int n = Math.min(CHUNK, count - first);
      frames.read(first, n, chunk, 0);
      for (int i = 0; i < n; i++) {
        row.accept(chunk, i * features);
      }
    }
  }

  private static int cell(double value, double low, double high) {
    return high > low ? (int) Math.min(CELLS - 1, CELLS * (value - low) / (high - low)) : 0;
  }

  private static BufferedImage blank(int width, int height, boolean gray) {
    BufferedImage picture =
        new BufferedImage(
            width, height, gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        set(picture, x, y, WHITE);
      }
    }
    return picture;
  }

  /** Sets a pixel; in a gray picture to the blue byte itself, which setRGB would bend. */
  private static void set(BufferedImage picture, int x, int y, int rgb) {
    if (picture.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      picture.getRaster().setSample(x, y, 0, rgb & 0xff);
    } else {
      picture.setRGB(x, y, rgb);
    }
  }
}
