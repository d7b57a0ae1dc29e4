// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import io.dynae.report.Figure;
import io.dynae.report.FigureFile;
import java.nio.file.Path;

/** Figures of an experiment: each as PNG and SVG, with its caption beside it as text. */
record FigureFolder(Path path) {
  /**
   * Draws, where it can be: a machine without fonts has done all the rest, and gets a line that
   * says what is missing.
   */
  static void attempt(Runnable drawing) {
    try {
      drawing.run();
    } catch (InputException e) {
      System.err.println("figures: not drawn: " + e.getMessage());
    }
  }

  /**
   * Writes {@code name.png}, {@code name.svg} and {@code name.txt}.
   *
   * @param name without an ending
   */
  void write(String name, Figure figure) {
    Example.createFolder(path);
    FigureFile.write(figure, path, name);
    AtomicFile.writeString(path.resolve(name + ".txt"), figure.caption() + "\n");
    System.err.println("figure: " + path.resolve(name + ".png"));
  }
}
