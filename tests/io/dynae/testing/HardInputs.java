// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Values that sorting and arithmetic stumble over. */
public final class HardInputs {
  private HardInputs() {}

  /** Named sets of {@code n} values: repeated, sorted both ways, zeros of both signs, tiny, huge. */
  public static Map<String, float[]> sets(int n) {
    Random random = new Random(n);
    Map<String, float[]> sets = new LinkedHashMap<>();
    float[] plain = new float[n];
    float[] repeated = new float[n];
    float[] zeros = new float[n];
    float[] tiny = new float[n];
    float[] huge = new float[n];
    for (int i = 0; i < n; i++) {
      plain[i] = (float) random.nextGaussian();
      repeated[i] = random.nextInt(3) - 1;
      zeros[i] = random.nextBoolean() ? 0f : -0f;
      tiny[i] = Float.MIN_VALUE * (random.nextInt(2000) - 1000);
      huge[i] = (random.nextFloat() - 0.5f) * 1e15f;
    }
    float[] ascending = plain.clone();
    Arrays.sort(ascending);
    float[] descending = new float[n];
    for (int i = 0; i < n; i++) {
      descending[i] = ascending[n - 1 - i];
    }
    sets.put("random", plain);
    sets.put("repeated", repeated);
    sets.put("ascending", ascending);
    sets.put("descending", descending);
    sets.put("zeros", zeros);
    sets.put("tiny", tiny);
    sets.put("huge", huge);
    return sets;
  }

  /** Replaces every value by its magnitude. */
  public static void absolute(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
  }
}
