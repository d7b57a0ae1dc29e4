// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/**
 * Movies of a moving object (Table 1, Figure 5): the four models against the true factors. Quick
 * ones are smaller images, not fewer: with half the frames too few lie between the wells to tell
 * how these lie to each other.
 */
final class ImageExperiment implements Experiment {
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
          reproduction.train(example, List.of(data.observed()), List.of(data.truth()), List.of());
      if (reproduction.stop().requested()) {
        return 0;
      }
      table.add(example, runs);
      code = code == 0 ? Reproduction.exitCode(runs) : code;
      if (example.model() == Example.Contender.DYNAE) {
        reproduction.firstTrained(example, runs).ifPresent(run -> draw(reproduction, data, run));
      }
    }
    return code;
  }

  private void draw(Reproduction reproduction, SimulatedSystem data, Path run) {
    new ImageFigures(system, data, run, reproduction.backend())
        .draw(data, new FigureFolder(reproduction.folder(system).resolve("figures")));
  }
}
