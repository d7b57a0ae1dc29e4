// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.compute.Backend;
import io.dynae.error.InputException;
import io.dynae.model.DynAe;
import io.dynae.model.ModelShape;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A named shape of the DynAE step.
 *
 * @param name as the command line takes it
 * @param inputs D, features of a frame
 * @param width h of encoder and decoder
 * @param latent d
 * @param batch B, pairs
 * @param projections L
 */
public record BenchConfig(
    String name, int inputs, int width, int latent, int batch, int projections) {
  /** All shapes, the default first. */
  public static final List<BenchConfig> ALL =
      List.of(
          new BenchConfig("three-well", 2, 32, 2, 256, 50),
          new BenchConfig("d30", 30, 64, 3, 256, 50),
          new BenchConfig("d300", 300, 128, 3, 1024, 50));

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

  /** All names, separated by commas. */
  public static String names() {
    return ALL.stream().map(BenchConfig::name).collect(Collectors.joining(", "));
  }

  /** The networks of this shape. */
  ModelShape shape() {
    return ModelShape.standard(inputs, latent, width);
  }

  /** The step of this shape, laid out for a backend. */
  DynAe model(Backend backend) {
    return new DynAe(
        shape(),
        batch,
        projections,
        false,
        DynAe.Draws.FRESH,
        backend.shape(),
        backend.rowsPerBlock(batch));
  }
}
