// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** Movies of a moving object (Table 1, Figure 5): the four models against the true factors. */
final class ImageExperiment implements Experiment {
  private static final int QUICK_FRAMES = 10_000;

  /** A few hundred steps: the running average of the weights must not outlive the first ones. */
  private static final List<String> QUICK = List.of("max_epochs=10", "weight_averaging=0.98");

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
    SimulatedSystem data =
        SimulatedSystem.of(reproduction, system, QUICK_FRAMES, reproduction.imageOptions());
    for (Example example : reproduction.examples(system)) {
      List<JsonObject> runs =
          reproduction.train(example, List.of(data.observed()), List.of(data.truth()), QUICK);
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
