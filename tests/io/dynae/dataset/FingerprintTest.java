// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.trajectory.ArrayFrames;
import io.dynae.trajectory.StackedFrames;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final float[] VALUES = new float[2 * 300];

  static {
    for (int i = 0; i < VALUES.length; i++) {
      VALUES[i] = i;
    }
  }

  private static String of(float[] values, int... lengths) {
    int at = 0;
    ArrayFrames[] parts = new ArrayFrames[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      float[] part = Arrays.copyOfRange(values, 2 * at, 2 * (at + lengths[i]));
      parts[i] = new ArrayFrames("part " + i, part, lengths[i], 2);
      at += lengths[i];
    }
    return Fingerprint.of(new StackedFrames(List.of(parts)), true);
  }

  @Test
  void sameDataHaveTheSame() {
    assertEquals(of(VALUES, 100, 200), of(VALUES.clone(), 100, 200));
    String line = of(VALUES, 100, 200);
    assertTrue(line.startsWith("2 trajectories, 300 frames of 2, crc "), line);
  }

  /** Pairs never cross from one trajectory into another, so where they end matters. */
  @Test
  void otherDataHaveAnother() {
    assertNotEquals(of(VALUES, 100, 200), of(VALUES, 200, 100));
    assertNotEquals(of(VALUES, 300), of(VALUES, 299));
    for (int i : new int[] {0, 1, VALUES.length - 2, VALUES.length - 1}) {
      float[] other = VALUES.clone();
      other[i] += 1;
      assertNotEquals(of(VALUES, 300), of(other, 300), "value " + i);
    }
    assertNotEquals(of(new float[2], 1), of(new float[] {0, 1}, 1), "of one frame too");
  }
}
