// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
import java.util.Arrays;

/** A trajectory of atoms, [frames, 3 A] or [frames, A, 3], read frame by frame in double. */
final class Atoms {
  private final Frames frames;
  private final int atoms;

  /**
   * @throws InputException unless frames have that shape, with at least three atoms and one frame
   */
  Atoms(Frames frames) {
    this.frames = frames;
    int[] shape = frames.shape();
    boolean triples =
        shape.length == 3 ? shape[2] == 3 : shape.length == 2 && frames.features() % 3 == 0;
    if (!triples || frames.features() < 9) {
      throw new InputException(
          ("%s: shape [frames, 3 atoms] or [frames, atoms, 3] with 3 atoms or more does not hold: %s;"
                  + " reshape it")
              .formatted(frames.source(), Arrays.toString(shape)));
    }
    if (frames.count() < 1) {
      throw new InputException(
          "%s: frames >= 1 does not hold: 0, shape %s; give a trajectory that has some"
              .formatted(frames.source(), Arrays.toString(shape)));
    }
    atoms = frames.features() / 3;
  }

  int count() {
    return (int) frames.count();
  }

  int atoms() {
    return atoms;
  }

  String source() {
    return frames.source();
  }

  /** For messages: file and frame. */
  String locate(int frame) {
    return frames.locate(frame);
  }

  /**
   * Copies the coordinates of a frame into {@code out}, [atoms, 3].
   *
   * @throws InputException for a value that is not finite
   */
  void read(int frame, double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = frames.value(frame, i);
      if (!Double.isFinite(out[i])) {
        throw new InputException(
            "%s: finite coordinates does not hold: %s of atom %d; remove such frames"
                .formatted(locate(frame), out[i], i / 3));
      }
    }
  }

  /**
   * Reads a frame and superposes it.
   *
   * @throws InputException as {@link #read}, and for atoms on a line
   */
  void readAligned(int frame, Superposition superposition, double[] out) {
    read(frame, out);
    if (!superposition.align(out)) {
      throw new InputException(
          locate(frame) + ": atoms not on a line does not hold: no rotation is the best one");
    }
  }
}
