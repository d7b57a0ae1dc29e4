// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {
  /** Mean age, in steps, of the weights in the average after {@code steps} steps. */
  private static double meanAge(float keep, int steps) {
    double age = 0;
    for (int t = 1; t <= steps; t++) {
      age = Adam.averageKeep(keep, t) * (age + 1);
    }
    return age;
  }

  /** A constant share would reach 999 steps back at all lengths that are long enough for it. */
  @ParameterizedTest
  @CsvSource({"30,0.01", "600,0.02", "3000,0.06", "8000,0.13", "80000,0.013", "10000000,0.0002"})
  void ofAnyTrainingTheAverageReachesBackOverAPart(int steps, double most) {
    assertTrue(meanAge(0.999f, steps) <= most * steps, () -> "age " + meanAge(0.999f, steps));
  }

  @Test
  void longTrainingsHaveTheShareThatIsAskedFor() {
    assertEquals(0.999f, Adam.averageKeep(0.999f, 8_001), 1e-7f);
    assertEquals(0.999f, Adam.averageKeep(0.999f, Integer.MAX_VALUE), 1e-7f);
    assertEquals(0.9f, Adam.averageKeep(0.9f, 81), 1e-7f);
  }

  /** A share of 1 would never take the weights up; so it is taken as none. */
  @Test
  void aShareOfOneGivesTheWeightsThemselves() {
    for (int t : new int[] {1, 8, 9, Integer.MAX_VALUE}) {
      assertEquals(0, Adam.averageKeep(1, t));
    }
  }

  @Test
  void withoutAveragingItIsTheWeightsThemselves() {
    for (int t : new int[] {1, 7, 8, 9, 1000, Integer.MAX_VALUE}) {
      assertEquals(0, Adam.averageKeep(0, t));
    }
  }
}
