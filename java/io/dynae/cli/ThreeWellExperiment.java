// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Three wells behind a parabola: the four models against the truth (Figures 2 and 3). */
final class ThreeWellExperiment implements Experiment {
  private static final String SYSTEM = "three-well";
  private static final int QUICK_FRAMES = 200_000;

  /** The models are told apart long before the last digits are there. */
  private static final List<String> QUICK = List.of("max_epochs=20");

  @Override
  public int run(Reproduction reproduction, Table1 table) {
    SimulatedSystem data = SimulatedSystem.of(reproduction, SYSTEM, QUICK_FRAMES, Map.of());
    int code = 0;
    Map<Example.Contender, Path> first = new EnumMap<>(Example.Contender.class);
    for (Example example : reproduction.examples(SYSTEM)) {
      List<JsonObject> runs =
          reproduction.train(
              example, List.of(data.observed()), List.of(data.truth()), QUICK, List.of());
      if (reproduction.stop().requested()) {
        return 0;
      }
      table.add(example, runs);
      reproduction.firstTrained(example, runs).ifPresent(run -> first.put(example.model(), run));
      code = code == 0 ? Reproduction.exitCode(runs) : code;
    }
    ThreeWellFigures figures =
        new ThreeWellFigures(
            data, new FigureFolder(reproduction.folder(SYSTEM).resolve("figures")));
    if (first.containsKey(Example.Contender.DYNAE)) {
      FigureFolder.attempt(() -> figures.drawLandscapes(first.get(Example.Contender.DYNAE)));
    }
    if (!first.isEmpty()) {
      FigureFolder.attempt(() -> figures.drawAligned(first));
    }
    return code;
  }
}
