// SPDX-License-Identifier: MIT
package io.dynae.bins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.random.Permutation;
import io.dynae.random.Stream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlca.npy.Npy;
import org.openlca.npy.NpyArray;

class RegularSpaceTest {
  private static final String GOLDEN = "tests/golden/regspace_clustering.npz";

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void goldenCentersAndLabels(String name) throws Exception {
    try (ZipFile file = new ZipFile(GOLDEN)) {
      float[] points = floats(file, name + "/z");
      float[] expected = floats(file, name + "/centers");
      int[] order = ints(file, name + "/permutation");
      int dimension = points.length / order.length;
      float minDist = floats(file, name + "/min_dist")[0];
      RegularSpace bins = RegularSpace.cluster(points, dimension, order, minDist, 200);
      assertArrayEquals(expected, bins.centers());
      assertArrayEquals(ints(file, name + "/labels"), bins.nearest(points));
    }
  }

  @Test
  void aLineByHand() {
    float[] points = {0, 1, 2, 3, 4, 5};
    RegularSpace bins = RegularSpace.cluster(points, 1, new int[] {1, 3, 0, 5, 4, 2}, 2, 10);
    // 3 is at distance 2 of 1 exactly, which is not farther; 5 and then 4 of 1, and 4 of 5.
    assertArrayEquals(new int[] {1, 5}, bins.frames());
    assertArrayEquals(new float[] {1, 5}, bins.centers());
    // 3 is equally near to both.
    assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1}, bins.nearest(points));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,0.5",
    "2,1,0.1",
    "63,2,0.3",
    "64,2,0.3",
    "65,2,0.3",
    "997,3,0.4",
    "5000,2,0.08",
    "3000,7,0.9"
  })
  void equalsThePlainSequentialForm(int n, int dimension, float minDist) {
    float[] points = random(n, dimension);
    // Repeated points, which must not both become centres.
    System.arraycopy(points, 0, points, (n - 1) * dimension, dimension);
    int[] order = new int[n];
    new Permutation(n, Stream.CLUSTERING_ORDER, 1, 0, 0, n).fill(0, n, order);
    RegularSpace bins = RegularSpace.cluster(points, dimension, order, minDist, n);
    List<Integer> centers = new ArrayList<>();
    for (int frame : order) {
      if (centers.stream().allMatch(c -> d2(points, frame, c, dimension) > minDist * minDist)) {
        centers.add(frame);
      }
    }
    assertArrayEquals(centers.stream().mapToInt(i -> i).toArray(), bins.frames());
    int[] labels = bins.nearest(points);
    for (int frame = 0; frame < n; frame++) {
      int best = 0;
      for (int k = 1; k < centers.size(); k++) {
        if (d2(points, frame, centers.get(k), dimension)
            < d2(points, frame, centers.get(best), dimension)) {
          best = k;
        }
      }
      assertEquals(best, labels[frame]);
    }
  }

  @Test
  void centersAreApartAndCoverEveryPoint() {
    float[] points = random(4000, 2);
    int[] order = IntStream.range(0, 4000).toArray();
    RegularSpace bins = RegularSpace.cluster(points, 2, order, 0.15f, 200);
    int[] frames = bins.frames();
    int[] labels = bins.nearest(points);
    for (int i = 0; i < frames.length; i++) {
      for (int j = 0; j < i; j++) {
        assertTrue(d2(points, frames[i], frames[j], 2) > 0.15f * 0.15f);
      }
    }
    for (int n = 0; n < 4000; n++) {
      assertTrue(d2(points, n, frames[labels[n]], 2) <= 0.15f * 0.15f);
    }
  }

  @Test
  void tooManyCentersNameTheKeyAndTheLimit() {
    float[] points = {0, 10, 20, 30};
    int[] order = {0, 1, 2, 3};
    assertEquals(4, RegularSpace.cluster(points, 1, order, 5, 4).count());
    String message =
        assertThrows(InputException.class, () -> RegularSpace.cluster(points, 1, order, 5, 3))
            .getMessage();
    assertEquals(
        "min_dist: bin centres <= max_centers does not hold: more than 3 at min_dist (d_min) 5.0;"
            + " use a larger min_dist, 10.0 say, or more max_centers",
        message);
  }

  private static float d2(float[] points, int a, int b, int dimension) {
    float sum = 0;
    for (int i = 0; i < dimension; i++) {
      float dx = points[a * dimension + i] - points[b * dimension + i];
      sum = Math.fma(dx, dx, sum);
    }
    return sum;
  }

  private static float[] random(int n, int dimension) {
    Random random = new Random(n);
    float[] points = new float[n * dimension];
    for (int i = 0; i < points.length; i++) {
      points[i] = random.nextFloat();
    }
    return points;
  }

  private static NpyArray<?> array(ZipFile file, String name) throws Exception {
    try (var channel = Channels.newChannel(file.getInputStream(file.getEntry(name + ".npy")))) {
      return Npy.read(channel);
    }
  }

  private static float[] floats(ZipFile file, String name) throws Exception {
    double[] from = array(file, name).asDoubleArray().data();
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
    return to;
  }

  private static int[] ints(ZipFile file, String name) throws Exception {
    return array(file, name).asIntArray().data();
  }
}
