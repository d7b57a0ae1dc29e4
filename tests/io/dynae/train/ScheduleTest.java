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

/** Rates and beta by epoch (method section 4): warm-up, then the configured ones, falling. */
class ScheduleTest {
  @TempDir private Path folder;

  private Schedule schedule(String... settings) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.ini"),
            """
            [Training Parameters]
            learning_rate = 8e-4
            lr_scheduler_step_size = 2
            lr_scheduler_gamma = 0.5
            beta = 20
            weight_averaging = 0.9
            """);
    return new Schedule(RunConfig.read(file, List.of(settings)));
  }

  @Test
  void epochZeroWarmsUpByDefault() throws IOException {
    Schedule schedule = schedule();
    assertEquals(1, schedule.firstBinned());
    assertEpoch(schedule, 0, 1e-4, 0.2, 0);
    assertEpoch(schedule, 1, 8e-4, 20, 0.9);
    assertEpoch(schedule, 2, 8e-4, 20, 0.9);
    assertEpoch(schedule, 3, 4e-4, 20, 0.9);
  }

  @Test
  void aLongerWarmUpPostponesTheDecay() throws IOException {
    Schedule schedule =
        schedule("warmup_epochs=3", "warmup_learning_rate=2e-3", "warmup_beta_factor=0.5");
    assertEquals(3, schedule.firstBinned());
    for (int epoch = 0; epoch < 3; epoch++) {
      assertEpoch(schedule, epoch, 2e-3, 10, 0);
    }
    assertEpoch(schedule, 3, 8e-4, 20, 0.9);
    assertEpoch(schedule, 4, 8e-4, 20, 0.9);
    assertEpoch(schedule, 5, 4e-4, 20, 0.9);
  }

  @Test
  void modelsWithoutBinsHaveNoWarmUp() throws IOException {
    Schedule schedule = schedule("model=VAE");
    assertEquals(0, schedule.firstBinned());
    assertEpoch(schedule, 0, 8e-4, 20, 0);
    assertEpoch(schedule, 1, 8e-4, 20, 0.9);
    assertEpoch(schedule, 2, 4e-4, 20, 0.9);
  }

  private static void assertEpoch(
      Schedule schedule, int epoch, double rate, double beta, double keep) {
    assertEquals(rate, schedule.rate(epoch), 1e-15);
    assertEquals(beta, schedule.beta(epoch), 1e-12);
    assertEquals(keep, schedule.averageKeep(epoch));
    assertEquals(8e-4, schedule.priorRate());
  }
}
