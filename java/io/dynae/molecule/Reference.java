// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Where the reference of a superposition comes from: [atoms, 3], centred. */
final class Reference {
  private static final int MOST_ROUNDS = 100;

  /** Change of the mean that ends the rounds, relative to its largest coordinate. */
  private static final double SETTLED = 1e-7;

  /** Largest ratio of the residue of the reference to that of the next candidate. */
  private static final double SINGLE = 1e-3;

  private Reference() {}

  /** Frame {@code number}. */
  static double[] frame(Atoms atoms, int number) {
    if (number >= atoms.count()) {
      throw new InputException(
          "%s: frame of the reference < %d does not hold: %d"
              .formatted(atoms.source(), atoms.count(), number));
    }
    double[] reference = new double[3 * atoms.atoms()];
    atoms.read(number, reference);
    Superposition.center(reference);
    return reference;
  }

  /**
   * The mean of all frames superposed onto it, as it is when it no longer changes. The first round
   * superposes onto frame 0, which gives the orientation.
   */
  static double[] mean(Atoms atoms) {
    double[] mean = frame(atoms, 0);
    double[] row = new double[mean.length];
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Superposition superposition = new Superposition(mean);
      double[] next = new double[mean.length];
      for (int frame = 0; frame < atoms.count(); frame++) {
        atoms.readAligned(frame, superposition, row);
        for (int i = 0; i < row.length; i++) {
          next[i] += row[i] / atoms.count();
        }
      }
      double change = 0;
      double largest = 0;
      for (int i = 0; i < next.length; i++) {
        change = Math.max(change, Math.abs(next[i] - mean[i]));
        largest = Math.max(largest, Math.abs(next[i]));
      }
      mean = next;
      if (change <= SETTLED * largest) {
        return mean;
      }
    }
    throw new InputException(
        atoms.source()
            + ": a mean of superposed frames that settles does not hold; give --reference a frame");
  }

  /**
   * The reference, up to its scale, that frames were superposed onto.
   *
   * <p>sum_i p_i r_i' is symmetric for every superposed frame p: three linear equations a frame for
   * r. All centred frames also have the three constant vectors as solutions, so r is what the four
   * smallest eigenvectors of the normal matrix hold beside constants. Its sign is that of the
   * frames' mean.
   *
   * @throws InputException where no single reference fits: frames that are not superposed, or fewer
   *     than there are coordinates
   */
  static double[] impliedBy(Atoms aligned) {
    int n = 3 * aligned.atoms();
    DMatrixRMaj normal = new DMatrixRMaj(n, n);
    double[] mean = new double[n];
    double[] row = new double[n];
    double[] equation = new double[n];
    for (int frame = 0; frame < aligned.count(); frame++) {
      aligned.read(frame, row);
      for (int skip = 0; skip < 3; skip++) {
        int a = (skip + 1) % 3;
        int b = (skip + 2) % 3;
        Arrays.fill(equation, 0);
        for (int i = 0; i < n; i += 3) {
          equation[i + b] = row[i + a];
          equation[i + a] = -row[i + b];
        }
        addSquare(equation, normal.data);
      }
      for (int i = 0; i < n; i++) {
        mean[i] += row[i];
      }
    }
    double[] reference = solve(normal, aligned);
    double sign = 0;
    for (int i = 0; i < n; i++) {
      sign += reference[i] * mean[i];
    }
    for (int i = 0; i < n && sign < 0; i++) {
      reference[i] = -reference[i];
    }
    return reference;
  }

  private static void addSquare(double[] equation, double[] matrix) {
    int n = equation.length;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i * n + j] += equation[i] * equation[j];
      }
    }
  }

  private static double[] solve(DMatrixRMaj normal, Atoms aligned) {
    int n = normal.numRows;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    boolean found = eigen.decompose(normal);
    int[] order =
        IntStream.range(0, found ? n : 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> eigen.getEigenvalue(i).getReal()))
            .mapToInt(Integer::intValue)
            .toArray();
    double ratio =
        found
            ? Math.sqrt(
                Math.abs(eigen.getEigenvalue(order[3]).getReal())
                    / Math.abs(eigen.getEigenvalue(order[4]).getReal()))
            : Double.NaN;
    if (!(ratio < SINGLE)) {
      throw new InputException(
          ("%s: frames superposed onto one reference does not hold: the best one leaves %.1g of"
                  + " what the next leaves, not < %.0e; give the aligned frames, at least %d")
              .formatted(aligned.source(), ratio, SINGLE, n));
    }
    double[] best = new double[n];
    double longest = 0;
    for (int k = 0; k < 4; k++) {
      double[] candidate = eigen.getEigenVector(order[k]).data.clone();
      Superposition.center(candidate);
      double square = Arrays.stream(candidate).map(x -> x * x).sum();
      if (square > longest) {
        longest = square;
        best = candidate;
      }
    }
    return best;
  }
}
