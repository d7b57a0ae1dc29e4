// SPDX-License-Identifier: MIT
package io.dynae.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
  private static double[] noise(int n) {
    return new Random(1).doubles(n, 0.5, 1).toArray();
  }

  @Test
  void fewPointsAreAllDrawn() {
    assertArrayEquals(IntStream.range(0, 500).toArray(), Thinning.drawn(noise(500)));
    assertArrayEquals(new int[0], Thinning.drawn());
  }

  @Test
  void spikesAndEndsAreKept() {
    double[] values = noise(22_000);
    values[7_777] = 9;
    values[7_778] = 0.01;
    values[12_345] = Double.NaN;
    List<Integer> drawn = Arrays.stream(Thinning.drawn(values)).boxed().toList();
    assertTrue(drawn.containsAll(List.of(0, 7_777, 7_778, 21_999)));
    assertFalse(drawn.contains(12_345));
    assertTrue(drawn.size() <= 602, "drawn " + drawn.size());
    assertEquals(drawn.stream().sorted().distinct().toList(), drawn);
  }

  @Test
  void theFigureStaysSmallHoweverManyEpochs() {
    int few = FigureFile.svg(figure(600)).length();
    int many = FigureFile.svg(figure(22_000)).length();
    assertTrue(many < 2 * few, few + " and " + many);
    assertTrue(figure(22_000).caption().contains("lowest and the highest"));
    assertFalse(figure(600).caption().contains("lowest and the highest"));
  }

  private static Figure figure(int epochs) {
    return new TrainingFigure(
        List.of(new TrainingFigure.Curve("loss", "squared error", noise(epochs), true)));
  }
}
