// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.ArrayFrames;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.StackedFrames;
import io.dynae.trajectory.StridedFrames;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaggedPairsTest {
  @Test
  void twoTrajectoriesByHand() {
    LaggedPairs pairs = new LaggedPairs(new int[] {5, 3}, 2);
    assertEquals(4, pairs.count());
    assertEquals(8, pairs.frames());
    assertArrayEquals(new int[] {0, 1, 2, 5}, pairs.firsts());
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,0", "1,3", "4,2", "6,0"})
  void everyPairInsideOneTrajectoryAndNoneMissing(int lag, int predictionLag) {
    int[] lengths = {7, 30, 11, 7};
    List<String> names = List.of("a", "b", "c", "d");
    LaggedPairs pairs = new LaggedPairs(lengths, names, lag, predictionLag);
    List<Integer> expected = new ArrayList<>();
    int start = 0;
    for (int length : lengths) {
      for (int t = start; t < start + length; t++) {
        if (t + lag + predictionLag < start + length) {
          expected.add(t);
        }
      }
      start += length;
    }
    assertEquals(expected.size(), pairs.count());
    for (int k = 0; k < expected.size(); k++) {
      assertEquals(expected.get(k), pairs.first(k));
      assertEquals(expected.get(k), pairs.firsts()[k]);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> pairs.first(pairs.count()));
    assertThrows(IndexOutOfBoundsException.class, () -> pairs.first(-1));
  }

  @Test
  void shortTrajectoryIsNamed() {
    assertEquals(
        "x.npy: frames >= lag + 1 does not hold: 10 frames, lag 20;"
            + " use a longer trajectory or a smaller lag",
        error(new int[] {30, 10}, List.of("w.npy", "x.npy"), 20, 0));
    assertEquals(
        "x.npy: frames >= lag + prediction_lag + 1 does not hold: 10 frames, lag 1,"
            + " prediction_lag 2147483647; use a longer trajectory or a smaller lag",
        error(new int[] {10}, List.of("x.npy"), 1, Integer.MAX_VALUE));
    String numbered =
        assertThrows(InputException.class, () -> new LaggedPairs(new int[] {4, 3}, 3)).getMessage();
    assertEquals("trajectory 1: frames >= lag + 1", numbered.substring(0, 31));
  }

  /** The rest of the file is there; another stride reaches it. */
  @Test
  void strideThatLeavesTooFewFramesIsNamed() {
    assertEquals(
        "memory: frames >= lag + 1 does not hold: 1 of 500 frames at stride 1000, lag 1;"
            + " lower stride, or use a longer trajectory or a smaller lag",
        error(500, 3, 1000, 1));
  }

  @Test
  void moreFeaturesThanFramesMayBeTransposed() {
    String line = error(2, 500, 1, 2);
    assertTrue(line.contains("2 frames, lag 2; it has more features than frames"), line);
    assertTrue(line.contains("save x.T, else use a longer trajectory"), line);
  }

  private static String error(int frames, int features, int stride, int lag) {
    Frames whole = new ArrayFrames("memory", new float[frames * features], frames, features);
    StackedFrames stacked = new StackedFrames(List.of(new StridedFrames(whole, stride)));
    FrameSource source = FrameSource.of(stacked, stride);
    return assertThrows(
            InputException.class, () -> new LaggedPairs(stacked.lengths(), source, lag, 0))
        .getMessage();
  }

  @Test
  void noTrajectoryAndTooManyFramesAreRefused() {
    assertThrows(InputException.class, () -> new LaggedPairs(new int[0], 1));
    assertThrows(InputException.class, () -> new LaggedPairs(new int[] {Integer.MAX_VALUE, 2}, 1));
  }

  private static String error(int[] lengths, List<String> names, int lag, int predictionLag) {
    return assertThrows(
            InputException.class, () -> new LaggedPairs(lengths, names, lag, predictionLag))
        .getMessage();
  }
}
