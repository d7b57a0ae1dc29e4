// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A molecular dynamics trajectory of a peptide.
 *
 * @param coordinates superposed heavy atoms, [frames, 3 * atoms] in nm
 * @param dihedrals [frames, 2], phi and psi in radians
 */
record AlanineFiles(Path coordinates, Path dihedrals) {
  /**
   * Finds the files.
   *
   * @param data coordinates, or the folder that {@code dynae align} wrote
   * @param dihedrals their dihedrals; may be null for a folder
   * @throws InputException where one is missing or their frames differ
   */
  static AlanineFiles find(String data, String dihedrals) {
    Path path = Path.of(data);
    boolean folder = Files.isDirectory(path);
    if (!folder && dihedrals == null) {
      throw new InputException(
          "reproduce: --dihedrals given with --data %s does not hold; give phi and psi of its frames,"
                  .formatted(data)
              + " or as --data the folder that `dynae align` wrote");
    }
    AlanineFiles files =
        new AlanineFiles(
            folder ? path.resolve("aligned.npy") : path,
            dihedrals != null ? Path.of(dihedrals) : path.resolve("dihedrals.npy"));
    files.requireSameFrames();
    return files;
  }

  private void requireSameFrames() {
    try (Frames x = NpyFrames.open(coordinates.toString());
        Frames angles = NpyFrames.open(dihedrals.toString())) {
      if (angles.features() != 2) {
        throw new InputException(
            "%s: columns = 2 (phi, psi) does not hold: %d".formatted(dihedrals, angles.features()));
      }
      if (x.count() != angles.count()) {
        throw new InputException(
            "%s: frames = frames of %s does not hold: %d and %d; give the dihedrals of the same frames"
                .formatted(dihedrals, coordinates, angles.count(), x.count()));
      }
    }
  }

  /** All dihedrals, [frames][2]. */
  float[] readDihedrals() {
    return NpyFrames.readAll(dihedrals);
  }
}
