// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.report.Figure;
import io.dynae.report.FigureFile;
import io.dynae.trajectory.AtomicFile;
import java.nio.file.Path;

/** Figures of an experiment: each as PNG and SVG, with its caption beside it as text. */
record FigureFolder(Path path) {
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
