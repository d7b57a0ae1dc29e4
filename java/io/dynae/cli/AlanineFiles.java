// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.NpyFrames;
import io.dynae.trajectory.NpyWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A molecular dynamics trajectory of a peptide.
 *
 * @param coordinates superposed heavy atoms, [frames, 3 * atoms] in nm
 * @param dihedrals [frames, 2], phi and psi in radians
 */
record AlanineFiles(Path coordinates, Path dihedrals) {
  /** Enough that the last fifth of each is held out close to all the rest. */
  private static final int PIECES = 30;

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
      if (x.count() < PIECES) {
        throw new InputException(
            "%s: frames >= %d does not hold: %d".formatted(coordinates, PIECES, x.count()));
      }
    }
  }

  /**
   * Cuts the coordinates into 30 pieces of equal length, as files in {@code folder}: a blocked
   * split of them holds out 30 stretches of time instead of one, which would miss rare basins.
   */
  List<Path> cutInto(Path folder) {
    Example.createFolder(folder);
    List<Path> pieces = new ArrayList<>();
    try (Frames frames = NpyFrames.open(coordinates.toString())) {
      long count = frames.count();
      for (int i = 0; i < PIECES; i++) {
        int first = (int) (i * count / PIECES);
        int n = (int) ((i + 1) * count / PIECES) - first;
        float[] rows = new float[Math.multiplyExact(n, frames.features())];
        frames.read(first, n, rows, 0);
        Path piece = folder.resolve("piece-%02d.npy".formatted(i));
        NpyWriter.write(piece, rows, n, frames.features());
        pieces.add(piece);
      }
    }
    return pieces;
  }

  /** All dihedrals, [frames][2]. */
  float[] readDihedrals() {
    return NpyFrames.readAll(dihedrals);
  }
}
