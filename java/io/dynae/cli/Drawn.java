// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.trajectory.FrameSurvey;
import java.util.Arrays;

/** Makes float32 of values to draw, around their mean where float32 would lose what moves. */
final class Drawn {
  private Drawn() {}

  /** What to take off each feature before it is rounded: its mean where rounding loses, else 0. */
  static double[] origin(FrameSurvey survey) {
    double[] origin = new double[survey.frames().features()];
    if (survey.rounded().length > 0) {
      Arrays.setAll(origin, survey::mean);
      System.err.printf(
          "%s: drawn around its mean, %s: float32 would lose over 1%% of its spread%n",
          survey.frames().source(), Arrays.toString(origin));
    }
    return origin;
  }

  /** The values around an origin, [frames][features]. */
  static float[] floats(double[] values, double[] origin) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (values[i] - origin[i % origin.length]);
    }
    return floats;
  }
}
