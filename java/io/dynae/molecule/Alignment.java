// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Superposes every frame of a molecule onto one reference, measures dihedral angles, and streams
 * both to disk. All arithmetic is in double.
 */
public final class Alignment {
  /**
   * phi and psi of alanine dipeptide, whose ten heavy atoms are counted along the chain: 0 CH3, 1
   * C, 2 O, 3 N, 4 CA, 5 CB, 6 C, 7 O, 8 N, 9 CH3.
   */
  public static final List<Dihedral> ALANINE_DIPEPTIDE =
      List.of(new Dihedral(1, 3, 4, 6), new Dihedral(3, 4, 6, 8));

  /** Names of the files that {@link #write} writes. */
  public static final List<String> FILES = List.of("aligned.npy", "reference.npy", "dihedrals.npy");

  private static final int ALANINE_ATOMS = 10;

  private final Atoms atoms;
  private final double[] reference;

  private Alignment(Atoms atoms, double[] reference) {
    this.atoms = atoms;
    this.reference = reference;
  }

  /**
   * The files of one alignment of N frames of A atoms.
   *
   * @param aligned {@code aligned.npy}, float32 [N, 3 A], every frame centred
   * @param reference {@code reference.npy}, float64 [1, 3 A]
   * @param dihedrals {@code dihedrals.npy}, float32 [N, angles], in radians; not there without
   *     angles
   */
  public record Output(Path aligned, Path reference, Path dihedrals) {}

  /**
   * Onto the mean of all frames superposed onto it, in the orientation of frame 0.
   *
   * @param frames [N, 3 A] or [N, A, 3], A at least 3
   */
  public static Alignment ontoMean(Frames frames) {
    Atoms atoms = new Atoms(frames);
    return new Alignment(atoms, Reference.mean(atoms));
  }

  /** Onto one of the frames, counted from 0. */
  public static Alignment ontoFrame(Frames frames, int number) {
    Atoms atoms = new Atoms(frames);
    return new Alignment(atoms, Reference.frame(atoms, number));
  }

  /** Onto the first frame of another file. */
  public static Alignment onto(Frames frames, Frames reference) {
    Atoms atoms = new Atoms(frames);
    return new Alignment(atoms, Reference.frame(sameAtoms(atoms, reference), 0));
  }

  /** Onto the reference that the frames of {@code aligned} were superposed onto. */
  public static Alignment like(Frames frames, Frames aligned) {
    Atoms atoms = new Atoms(frames);
    return new Alignment(atoms, Reference.impliedBy(sameAtoms(atoms, aligned)));
  }

  private static Atoms sameAtoms(Atoms atoms, Frames other) {
    Atoms others = new Atoms(other);
    if (others.atoms() != atoms.atoms()) {
      throw new InputException(
          "%s and %s: equal numbers of atoms do not hold: %d and %d"
              .formatted(atoms.source(), others.source(), atoms.atoms(), others.atoms()));
    }
    return others;
  }

  /** The angles that are meant where none are named: phi and psi for ten atoms, else none. */
  public List<Dihedral> usualDihedrals() {
    return atoms.atoms() == ALANINE_ATOMS ? ALANINE_DIPEPTIDE : List.of();
  }

  /**
   * Writes the files into {@code folder}, which exists.
   *
   * @throws InputException for an atom that is not there, atoms on a line or a value that is not
   *     finite; no file is then written
   */
  public Output write(List<Dihedral> dihedrals, Path folder) {
    for (Dihedral dihedral : dihedrals) {
      if (dihedral.last() >= atoms.atoms()) {
        throw new InputException(
            "%s: atoms of dihedral %s < %d does not hold: %d; atoms are counted from 0"
                .formatted(atoms.source(), dihedral, atoms.atoms(), dihedral.last()));
      }
    }
    Output output =
        new Output(
            folder.resolve(FILES.get(0)),
            folder.resolve(FILES.get(1)),
            folder.resolve(FILES.get(2)));
    int n = atoms.count();
    int width = reference.length;
    try (NpyWriter target = NpyWriter.float64(output.reference, 1, width);
        NpyWriter aligned = NpyWriter.float32(output.aligned, n, width)) {
      if (dihedrals.isEmpty()) {
        stream(dihedrals, aligned, angles -> {});
      } else {
        try (NpyWriter table = NpyWriter.float32(output.dihedrals, n, dihedrals.size())) {
          stream(dihedrals, aligned, angles -> table.write(angles, 0, angles.length));
        }
      }
      target.write(reference, 0, width);
    }
    return output;
  }

  private void stream(List<Dihedral> dihedrals, NpyWriter aligned, Consumer<float[]> table) {
    Superposition superposition = new Superposition(reference);
    double[] row = new double[reference.length];
    float[] rounded = new float[row.length];
    float[] angles = new float[dihedrals.size()];
    for (int frame = 0; frame < atoms.count(); frame++) {
      atoms.readAligned(frame, superposition, row);
      for (int i = 0; i < row.length; i++) {
        rounded[i] = (float) row[i];
      }
      aligned.write(rounded, 0, rounded.length);
      for (int k = 0; k < angles.length; k++) {
        double angle = dihedrals.get(k).angle(row);
        if (Double.isNaN(angle)) {
          throw new InputException(
              "%s: three atoms of dihedral %s not on a line does not hold"
                  .formatted(atoms.locate(frame), dihedrals.get(k)));
        }
        angles[k] = (float) angle;
      }
      table.accept(angles);
    }
  }
}
