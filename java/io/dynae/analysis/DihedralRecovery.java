// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a latent says about the dihedrals phi and psi of a peptide: both, and the basin, predicted
 * by the mean over the {@value #NEIGHBORS} nearest of the known frames.
 *
 * @param rSquared multivariate R^2 of (cos phi, sin phi, cos psi, sin psi) over the held-out frames
 * @param recall share of a basin's held-out frames whose nearest frames are mostly of that basin;
 *     no entry for a basin without held-out frames
 * @param heldOut frames that were predicted
 */
public record DihedralRecovery(double rSquared, Map<Ramachandran, Double> recall, int heldOut) {
  /** Frames averaged over. */
  public static final int NEIGHBORS = 10;

  private static final int MOST_KNOWN = 30_000;
  private static final int MOST_HELD_OUT = 10_000;
  private static final int CIRCLE = 4;

  /**
   * Measures on at most 30,000 known and 10,000 held-out frames, evenly spaced among those given.
   *
   * @param z latents [frames][d]
   * @param dihedrals [frames][2], phi and psi in radians
   * @param known frames whose dihedrals the prediction may use
   * @param heldOut frames to predict
   */
  public static DihedralRecovery of(
      float[] z, int d, float[] dihedrals, int[] known, int[] heldOut) {
    int[] from = thinned(known, MOST_KNOWN);
    int[] to = thinned(heldOut, MOST_HELD_OUT);
    NearestNeighborRegression angles =
        new NearestNeighborRegression(
            rows(z, d, from), d, circle(dihedrals, from), CIRCLE, NEIGHBORS);
    double[] predicted = angles.predict(rows(z, d, to));
    double r2 = NearestNeighborRegression.rSquared(predicted, circle(dihedrals, to), CIRCLE);
    int basins = Ramachandran.values().length;
    NearestNeighborRegression basin =
        new NearestNeighborRegression(
            rows(z, d, from), d, membership(dihedrals, from), basins, NEIGHBORS);
    double[] votes = basin.predict(rows(z, d, to));
    return new DihedralRecovery(r2, recall(votes, dihedrals, to), to.length);
  }

  private static Map<Ramachandran, Double> recall(double[] votes, float[] dihedrals, int[] frames) {
    Ramachandran[] basins = Ramachandran.values();
    int[] all = new int[basins.length];
    int[] found = new int[basins.length];
    for (int n = 0; n < frames.length; n++) {
      int most = 0;
      for (int b = 1; b < basins.length; b++) {
        if (votes[n * basins.length + b] > votes[n * basins.length + most]) {
          most = b;
        }
      }
      int actual = basin(dihedrals, frames[n]).ordinal();
      all[actual]++;
      found[actual] += actual == most ? 1 : 0;
    }
    Map<Ramachandran, Double> recall = new EnumMap<>(Ramachandran.class);
    for (Ramachandran basin : basins) {
      if (all[basin.ordinal()] > 0) {
        recall.put(basin, (double) found[basin.ordinal()] / all[basin.ordinal()]);
      }
    }
    return recall;
  }

  private static int[] thinned(int[] frames, int most) {
    int count = Math.min(frames.length, most);
    int[] kept = new int[count];
    for (int i = 0; i < count; i++) {
      kept[i] = frames[(int) ((long) i * frames.length / count)];
    }
    return kept;
  }

  private static float[] rows(float[] z, int d, int[] frames) {
    float[] rows = new float[frames.length * d];
    for (int n = 0; n < frames.length; n++) {
      System.arraycopy(z, frames[n] * d, rows, n * d, d);
    }
    return rows;
  }

  private static double[] circle(float[] dihedrals, int[] frames) {
    double[] values = new double[frames.length * CIRCLE];
    for (int n = 0; n < frames.length; n++) {
      for (int i = 0; i < 2; i++) {
        double angle = dihedrals[2 * frames[n] + i];
        values[n * CIRCLE + 2 * i] = Math.cos(angle);
        values[n * CIRCLE + 2 * i + 1] = Math.sin(angle);
      }
    }
    return values;
  }

  private static double[] membership(float[] dihedrals, int[] frames) {
    int basins = Ramachandran.values().length;
    double[] values = new double[frames.length * basins];
    for (int n = 0; n < frames.length; n++) {
      values[n * basins + basin(dihedrals, frames[n]).ordinal()] = 1;
    }
    return values;
  }

  private static Ramachandran basin(float[] dihedrals, int frame) {
    return Ramachandran.of(dihedrals[2 * frame], dihedrals[2 * frame + 1]);
  }
}
