// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.model.Checkpoint;
import io.dynae.model.ModelShape;
import io.dynae.model.Networks;
import io.dynae.testing.Golden;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriorFieldsTest {
  private static final ModelShape SHAPE = ModelShape.standard(2, 2, 32);
  private static final Golden GOLDEN = new Golden("dynae_mlp_threewell");
  private static final Map<String, double[]> VALUES = new HashMap<>();

  private static PriorFields golden() {
    Checkpoint model = new Checkpoint(SHAPE);
    model.average = GOLDEN.parameters("param", new Networks(SHAPE));
    return PriorFields.of(model);
  }

  /**
   * Eq. 5 with these fields is the prior's loss that an independent implementation found; the drift
   * has the slope of M in it.
   */
  @Test
  void fieldsGiveTheReferencesPriorLoss() {
    PriorFields prior = golden();
    double[] in0 = GOLDEN.values("input0");
    double[] in1 = GOLDEN.values("input1");
    int pairs = in0.length / 2;
    double sum = 0;
    for (int b = 0; b < pairs; b++) {
      double[] z0 = encoded(in0[2 * b], in0[2 * b + 1]);
      double[] z1 = encoded(in1[2 * b], in1[2 * b + 1]);
      double[] drift = prior.drift(z0);
      double[] diffusion = prior.diffusion(z0);
      for (int i = 0; i < 2; i++) {
        double m = diffusion[i];
        double rest = z1[i] - z0[i] - drift[i];
        sum += 0.5 * (Math.log(m) + rest * rest / (2 * m)) / pairs;
      }
    }
    double expected = GOLDEN.values("history")[3];
    assertEquals(expected, sum, 1e-5 * Math.abs(expected));
  }

  private static double[] encoded(double... x) {
    double[] h = layer("encoder_input_layer/0", x, true);
    h = layer("encoder/0", h, true);
    h = layer("encoder/2", h, true);
    return layer("encoder_output", h, false);
  }

  private static double[] layer(String name, double[] x, boolean relu) {
    double[] weight = VALUES.computeIfAbsent(name + "/weight", PriorFieldsTest::parameter);
    double[] out = VALUES.computeIfAbsent(name + "/bias", PriorFieldsTest::parameter).clone();
    for (int j = 0; j < out.length; j++) {
      for (int k = 0; k < x.length; k++) {
        out[j] += weight[j * x.length + k] * x[k];
      }
      out[j] = relu ? Math.max(0, out[j]) : out[j];
    }
    return out;
  }

  private static double[] parameter(String name) {
    return GOLDEN.values("param/model_encoder/" + name);
  }

  @Test
  void fieldOnAGridIsTheDriftAtItsVisitedCentres() {
    PriorFields prior = golden();
    float[] points = {0.5f, 0.5f, 0.6f, 0.4f, 1.5f, 1.5f};
    Grid grid = new Grid(0, 2, 2, 0, 2, 2);
    MoveField field = MoveField.ofPrior(prior, points, 0, 1, grid, 1);
    assertEquals(2, field.size());
    for (int k = 0; k < 2; k++) {
      assertEquals(0.5 + k, field.x()[k]);
      assertEquals(0.5 + k, field.y()[k]);
      double[] drift = prior.drift(0.5 + k, 0.5 + k);
      double[] diffusion = prior.diffusion(0.5 + k, 0.5 + k);
      assertEquals(drift[0], field.driftX()[k]);
      assertEquals(drift[1], field.driftY()[k]);
      assertEquals(2 * diffusion[0], field.varianceX()[k]);
      assertEquals(2 * diffusion[1], field.varianceY()[k]);
    }
    assertEquals(1, MoveField.ofPrior(prior, points, 0, 1, grid, 2).size());
  }

  /** With more dimensions the field is the mean over the frames of a cell. */
  @Test
  void fieldOfThreeDimensionsIsTheMeanOverFrames() {
    Checkpoint model = Checkpoint.initial(ModelShape.standard(4, 3, 8), 11);
    PriorFields prior = PriorFields.of(model);
    assertTrue(prior.learnsDiffusion());
    Random random = new Random(1);
    float[] points = new float[3 * 50];
    double driftZ = 0;
    double varianceX = 0;
    for (int n = 0; n < 50; n++) {
      for (int i = 0; i < 3; i++) {
        points[3 * n + i] = random.nextFloat();
      }
      double[] z = {points[3 * n], points[3 * n + 1], points[3 * n + 2]};
      driftZ += prior.drift(z)[2] / 50;
      varianceX += 2 * prior.diffusion(z)[0] / 50;
    }
    MoveField field = MoveField.ofPrior(prior, points, 0, 2, new Grid(0, 1, 1, 0, 1, 1), 1);
    assertEquals(driftZ, field.driftY()[0], 1e-12);
    assertEquals(varianceX, field.varianceX()[0], 1e-12);
  }
}
