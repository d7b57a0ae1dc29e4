// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.config.RunConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * Movies of a moving object (Table 1, Figure 5): the four models against the true factors. Quick
 * ones are smaller images, not fewer: with half the frames too few lie between the wells to tell
 * how these lie to each other.
 */
final class ImageExperiment implements Experiment {
  private static final int EXAMPLE_PIXELS = 64;
  private static final int MAP_SHARE = 16;

  private final String system;

  /**
   * @param system dsprites-2, dsprites-3, shapes3d or dna
   */
  ImageExperiment(String system) {
    this.system = system;
  }

  @Override
  public int run(Reproduction reproduction, Table1 table) {
    int code = 0;
    SimulatedSystem data = SimulatedSystem.of(reproduction, system, 0, reproduction.imageOptions());
    for (Example example : reproduction.examples(system)) {
      List<JsonObject> runs =
          reproduction.train(
              example,
              List.of(data.observed()),
              List.of(data.truth()),
              List.of(),
              resized(reproduction, example));
      if (reproduction.stop().requested()) {
        return 0;
      }
      table.add(example, runs);
      code = code == 0 ? Reproduction.exitCode(runs) : code;
      if (example.model() == Example.Contender.DYNAE) {
        reproduction
            .firstTrained(example, runs)
            .ifPresent(run -> FigureFolder.attempt(() -> draw(reproduction, data, run)));
      }
    }
    return code;
  }

  /**
   * The examples are for images of 64 x 64. Reconstruction sums over pixels, so beta goes with
   * their number; and a convolutional encoder of width h has h / 16 maps of a sixteenth of the
   * image's sides, so h goes against it: the latent is read from as many features as at 64 x 64.
   */
  static List<String> resized(Reproduction reproduction, Example example) {
    int pixels = reproduction.pixels();
    if (pixels == EXAMPLE_PIXELS) {
      return List.of();
    }
    RunConfig config = example.config(reproduction.settings());
    double share = (double) pixels * pixels / (EXAMPLE_PIXELS * EXAMPLE_PIXELS);
    String beta = "beta=[" + share * config.beta() + "]";
    if (!config.convolutional()) {
      return List.of(beta);
    }
    long maps = Math.max(1, Math.round(config.encoderWidth() / share / MAP_SHARE));
    return List.of(beta, "neuron_num1=[" + MAP_SHARE * maps + "]");
  }

  private void draw(Reproduction reproduction, SimulatedSystem data, Path run) {
    new ImageFigures(system, data, run, reproduction.backend())
        .draw(data, new FigureFolder(reproduction.folder(system).resolve("figures")));
  }
}
