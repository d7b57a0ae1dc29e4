// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.error.InputException;
import io.dynae.model.ImageShape;
import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A named shape of the DynAE step.
 *
 * @param name as the command line takes it
 * @param inputs D, features of a frame
 * @param width h of encoder and decoder
 * @param latent d
 * @param batch B, pairs
 * @param projections L
 * @param image shape of the frames where the nets are convolutional, else null
 */
public record BenchConfig(
    String name, int inputs, int width, int latent, int batch, int projections, ImageShape image) {
  private static final int FRAMES = 20_000;

  /** Images are so large that a table of as many would not fit. */
  private static final int IMAGES = 2000;

  /** A shape with dense nets. */
  public BenchConfig(String name, int inputs, int width, int latent, int batch, int projections) {
    this(name, inputs, width, latent, batch, projections, null);
  }

  /** A shape with convolutional nets. */
  public static BenchConfig images(
      String name, ImageShape image, int width, int latent, int batch, int projections) {
    return new BenchConfig(name, image.features(), width, latent, batch, projections, image);
  }

  /** The published shapes, the default first. */
  private static final List<BenchConfig> PUBLISHED =
      List.of(
          new BenchConfig("three-well", 2, 32, 2, 256, 50),
          new BenchConfig("d30", 30, 64, 3, 256, 50),
          new BenchConfig("d300", 300, 128, 3, 1024, 50),
          images("images-1x64", new ImageShape(1, 64, 64), 256, 2, 256, 50),
          images("images-3x64", new ImageShape(3, 64, 64), 256, 3, 256, 50));

  private static final List<Integer> WIDTHS = List.of(32, 64, 128);
  private static final List<Integer> BATCHES = List.of(256, 1024, 4096);

  /** A grid of widths and batches around them, named like {@code h64-b1024}. */
  private static final List<BenchConfig> GRID =
      WIDTHS.stream()
          .flatMap(
              width ->
                  BATCHES.stream()
                      .map(
                          batch ->
                              new BenchConfig(
                                  "h%d-b%d".formatted(width, batch), 30, width, 3, batch, 50)))
          .toList();

  /** All shapes, the default first. */
  public static final List<BenchConfig> ALL =
      Stream.concat(PUBLISHED.stream(), GRID.stream()).toList();

  /**
   * The shapes that a list such as {@code three-well,d30} names; {@code all} names all of them.
   *
   * @throws InputException for a name that there is not
   */
  public static List<BenchConfig> listed(String names) {
    return names.equals("all")
        ? ALL
        : Stream.of(names.split(",", -1)).map(BenchConfig::named).toList();
  }

  /**
   * The shape of that name.
   *
   * @throws InputException when there is none
   */
  public static BenchConfig named(String name) {
    return ALL.stream()
        .filter(config -> config.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "--config: one of %s does not hold: '%s'".formatted(names(), name)));
  }

  /** What may be asked for, in short. */
  public static String names() {
    return PUBLISHED.stream().map(BenchConfig::name).collect(Collectors.joining(", "))
        + ", h{32,64,128}-b{256,1024,4096}, all";
  }

  /** The networks of this shape. */
  public ModelShape shape() {
    return image == null
        ? ModelShape.standard(inputs, latent, width)
        : ModelShape.images(image, latent, width);
  }

  /** Synthetic frames to train on. */
  public int frames() {
    return image == null ? FRAMES : IMAGES;
  }

  /** The step of this shape, laid out for a backend. */
  public Model model(Backend backend) {
    return Model.of(
        shape(),
        batch,
        projections,
        false,
        Model.Draws.FRESH,
        backend.shape(),
        backend.rowsPerBlock(batch));
  }
}
