// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.dynae.analysis.SeedStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Means, scatter and failures over seeds. */
class Table1Test {
  private static JsonObject run(int seed, double lz, double variance, double fvuAtScale) {
    JsonObject run = new JsonObject();
    run.addProperty("run", "seed=" + seed);
    run.addProperty("status", "trained");
    run.addProperty("lz_sigma_units", lz);
    run.addProperty("fvu", lz / variance);
    run.addProperty("fvu_at_scale", fvuAtScale);
    return run;
  }

  @Test
  void aSeedThatFailedIsNamedAndNotAveraged() {
    JsonObject failed = new JsonObject();
    failed.addProperty("run", "seed=1");
    failed.addProperty("status", "diverged");
    Table1 table = new Table1();
    table.add(
        new Example("dsprites-2", Example.Contender.BETA_VAE),
        List.of(run(0, 2, 50, 0.01), failed, run(2, 4, 50, 0.03)));
    String line = table.markdown().lines().skip(2).findFirst().orElseThrow();
    // L_z 2 and 4: mean 3, sample deviation sqrt(2); at the best scale 0.5 and 1.5 of 50.
    assertEquals(
        "| dsprites-2 | beta-VAE | 2 of 3 (seed=1 diverged) | 3.0 ± 1.4 | 6.0 ± 2.8 |"
            + " 1.00 ± 0.71 | 2.0 ± 1.4 | 0.022 |",
        line);
    assertTrue(table.csv().contains("\ndsprites-2,beta-VAE,3,2,3.0,1.41421356"), table.csv());
  }

  @Test
  void oneSeedHasNoScatter() {
    Table1 table = new Table1();
    table.add(new Example("dna", Example.Contender.DYNAE), List.of(run(0, 0.5, 200, 0.0025)));
    String line = table.markdown().lines().skip(2).findFirst().orElseThrow();
    assertEquals("| dna | DynAE | 1 of 1 | 0.500 | 0.250 | 0.500 | 0.250 | 0.39 |", line);
  }

  @Test
  void barsNeedAModelThatTrained() {
    JsonObject failed = new JsonObject();
    failed.addProperty("run", "seed=0");
    failed.addProperty("status", "diverged");
    Table1 table = new Table1();
    table.add(new Example("dna", Example.Contender.SWAE), List.of(failed));
    assertTrue(table.figure().isEmpty());
    table.add(new Example("dna", Example.Contender.DYNAE), List.of(run(0, 0.5, 200, 0.0025)));
    assertTrue(table.figure().isPresent());
  }

  @Test
  void theDeviationIsTheSamples() {
    SeedStatistics statistics = SeedStatistics.of(2, 4, 4, 4, 5, 5, 7, 9);
    assertEquals(5, statistics.mean());
    assertEquals(Math.sqrt(32.0 / 7), statistics.deviation(), 1e-15);
    assertTrue(Double.isNaN(SeedStatistics.of(3).deviation()));
    assertTrue(Double.isNaN(SeedStatistics.of().mean()));
  }
}
