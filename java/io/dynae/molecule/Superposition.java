// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The rotation and shift that bring a frame closest to a reference: least sum of squared distances,
 * all atoms alike (Kabsch, Acta Cryst. A 34, 827, 1978).
 *
 * <p>With both centred, H = sum_i p_i r_i' = U S V' and R = V diag(1, 1, det(V U')) U': a rotation,
 * never a reflection. For one thread.
 */
final class Superposition {
  /** Smallest ratio of the second singular value to the first of atoms that are not on a line. */
  private static final double LINE = 1e-9;

  private final double[] reference;
  private final DMatrixRMaj cross = new DMatrixRMaj(3, 3);
  private final DMatrixRMaj rotation = new DMatrixRMaj(3, 3);
  private final SingularValueDecomposition_F64<DMatrixRMaj> svd =
      DecompositionFactory_DDRM.svd(3, 3, true, true, false);

  /**
   * @param reference [atoms, 3], centred here
   */
  Superposition(double[] reference) {
    this.reference = reference.clone();
    center(this.reference);
  }

  /** Moves the mean of all atoms to the origin. */
  static void center(double[] coordinates) {
    int atoms = coordinates.length / 3;
    for (int k = 0; k < 3; k++) {
      double mean = 0;
      for (int i = 0; i < atoms; i++) {
        mean += coordinates[3 * i + k] / atoms;
      }
      for (int i = 0; i < atoms; i++) {
        coordinates[3 * i + k] -= mean;
      }
    }
  }

  /**
   * Superposes a frame in place; it ends centred.
   *
   * @param coordinates [atoms, 3]
   * @return false where no rotation is the best one, as the atoms are on a line
   */
  boolean align(double[] coordinates) {
    center(coordinates);
    cross.zero();
    for (int i = 0; i < coordinates.length; i += 3) {
      for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
          cross.data[3 * a + b] += coordinates[i + a] * reference[i + b];
        }
      }
    }
    if (!svd.decompose(cross.copy()) || !rotate()) {
      return false;
    }
    double[] r = rotation.data;
    for (int i = 0; i < coordinates.length; i += 3) {
      double x = coordinates[i];
      double y = coordinates[i + 1];
      double z = coordinates[i + 2];
      for (int k = 0; k < 3; k++) {
        coordinates[i + k] = r[3 * k] * x + r[3 * k + 1] * y + r[3 * k + 2] * z;
      }
    }
    return true;
  }

  private boolean rotate() {
    double[] values = svd.getSingularValues();
    int least = 0;
    double largest = 0;
    for (int k = 0; k < 3; k++) {
      least = values[k] < values[least] ? k : least;
      largest = Math.max(largest, values[k]);
    }
    double middle = values[0] + values[1] + values[2] - largest - values[least];
    if (!(middle > LINE * largest)) {
      return false;
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    CommonOps_DDRM.multTransB(v, u, rotation);
    if (CommonOps_DDRM.det(rotation) < 0) {
      for (int k = 0; k < 3; k++) {
        v.set(k, least, -v.get(k, least));
      }
      CommonOps_DDRM.multTransB(v, u, rotation);
    }
    return true;
  }
}
