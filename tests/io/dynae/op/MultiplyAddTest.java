// SPDX-License-Identifier: MIT
package io.dynae.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.op.bins.PointTile;
import io.dynae.op.dense.DotTile;
import io.dynae.testing.Dynae;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Multiply-adds with and without an instruction for them. */
class MultiplyAddTest {
  private static final int COUNT = 2_000_000;
  private static final int ROWS = 300;
  private static final int INPUTS = 7;

  @TempDir Path folder;

  /** Prints the form, then results of loops, of dot products and of distances, a line each. */
  public static void main(String[] arguments) {
    System.out.println(MultiplyAdd.FUSED);
    SplittableRandom random = new SplittableRandom(3);
    float[][] in = new float[INPUTS][ROWS];
    float[] weights = new float[INPUTS];
    for (int k = 0; k < INPUTS; k++) {
      weights[k] = (float) random.nextGaussian();
      for (int i = 0; i < ROWS; i++) {
        in[k][i] = (float) random.nextGaussian();
      }
    }
    float[][] out = new float[1][ROWS];
    Loops.affine(weights, 0, 1, -1, in, 0, INPUTS, out, 0);
    print(out[0]);
    float[] dots = new float[INPUTS];
    DotTile.Features all = new DotTile.Features(in, INPUTS, INPUTS);
    for (int k = 0; k < INPUTS; k += DotTile.PAIR) {
      new DotTile(1, 1).dots(all, k, 1, new DotTile.Features(in, 1, INPUTS), 0, 1, dots, k);
    }
    print(dots);
    float[] points = new float[3 * PointTile.SIZE];
    for (int i = 0; i < points.length; i++) {
      points[i] = (float) random.nextGaussian();
    }
    print(new PointTile(points, PointTile.SIZE, 3).distances(0, weights, 0));
  }

  private static void print(float[] values) {
    System.out.println(Arrays.toString(values).replaceAll("[\\[\\],]", ""));
  }

  @Test
  void withoutTheInstructionLoopsMultiplyAndAdd() {
    List<float[]> fused = results("-XX:+UseFMA", "true");
    List<float[]> separate = results("-XX:-UseFMA", "false");
    assertFalse(Arrays.equals(fused.get(0), separate.get(0)), "roundings are the same");
    assertArrayEquals(fused.get(0), separate.get(0), 1e-5f);
    assertArrayEquals(fused.get(1), separate.get(1), 1e-3f);
    assertArrayEquals(fused.get(2), separate.get(2));
  }

  /** Results of a JVM of its own. */
  private List<float[]> results(String option, String form) {
    Dynae.Result result =
        Dynae.start(MultiplyAddTest.class.getName(), folder, Map.of("JDK_JAVA_OPTIONS", option))
            .await();
    assertEquals(0, result.code(), result.stderr());
    List<String> lines = result.stdout().lines().collect(Collectors.toList());
    Assumptions.assumeFalse(
        form.equals("true") && lines.get(0).equals("false"), "not run: no such instruction here");
    assertEquals(form, lines.get(0));
    return lines.stream().skip(1).map(MultiplyAddTest::floats).toList();
  }

  private static float[] floats(String line) {
    String[] words = line.split(" ", -1);
    float[] values = new float[words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(words[i]);
    }
    return values;
  }

  /** Of all magnitudes, and of sums that lie half way between floats or next to it. */
  @Test
  void inDoubleIsRoundedOnce() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < COUNT; i++) {
      float a = Float.intBitsToFloat(random.nextInt());
      float b = Float.intBitsToFloat(random.nextInt());
      float c = Float.intBitsToFloat(random.nextInt());
      check(a, b, c);
      float x = 1 + random.nextInt(1 << 23) * 0x1p-23f;
      float y = 1 + random.nextInt(1 << 12) * 0x1p-12f;
      int exponent = random.nextInt(60) - 30;
      check(x, y, Math.scalb((i & 1) == 0 ? -x : y, exponent));
      check(x, x, -x * x);
      // One and a half units, and what is far below.
      check(x, 0x1p-24f, Math.scalb(-y, -80));
      check(1 + 0x1p-12f, 1 + 0x1p-12f, Math.scalb(y - 1.5f, -40 - random.nextInt(20)));
    }
    float[] special = {
      0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE, -0x1p127f
    };
    for (float a : special) {
      for (float b : special) {
        for (float c : special) {
          check(a, b, c);
        }
      }
    }
  }

  private static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float actual = MultiplyAdd.inDouble(a, b, c);
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
      assertEquals(expected, actual, a + " * " + b + " + " + c);
    }
  }

  @Test
  void flagsOfProcessorsSayWhetherTheyFuse() {
    String haswell = "processor : 0\nflags\t\t: fpu avx fma avx2\n";
    String ivyBridge = "processor : 0\nflags\t\t: fpu avx f16c fma4\n";
    assertTrue(MultiplyAdd.processorsFuse(haswell + haswell));
    assertTrue(MultiplyAdd.processorsFuse("flags\t\t: fpu avx fma\n"));
    assertFalse(MultiplyAdd.processorsFuse(ivyBridge));
    assertFalse(MultiplyAdd.processorsFuse(haswell + ivyBridge));
    assertTrue(MultiplyAdd.processorsFuse("Features\t: fp asimd\n"), "of ARM");
  }
}
