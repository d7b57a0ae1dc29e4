// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path folder;

  /** Latents of 20 epochs would else be drawn with the prior of a checkpoint of 60. */
  @Test
  void resultsOfFewerEpochsGoWhenTrainingGoesOn() throws IOException {
    RunConfig config = RunConfig.defaults(List.of("max_epochs=20"));
    RunDirectory run = RunDirectory.vacant(folder.resolve("run"));
    run.begin(config, 0);
    List<Path> results = List.of(run.latent(), run.binCenters(), run.summary());
    for (Path result : results) {
      Files.writeString(result, "of 20 epochs");
    }
    run.begin(config, 20);
    assertEquals(results, results.stream().filter(Files::exists).toList(), "nothing to train");
    run.begin(RunConfig.defaults(List.of("max_epochs=60")), 20);
    assertEquals(List.of(), results.stream().filter(Files::exists).toList());
  }
}
