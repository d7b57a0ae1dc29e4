// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import io.dynae.molecule.Alignment;
import io.dynae.molecule.Dihedral;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae align}: superposes the frames of a molecule and measures dihedral angles. */
final class AlignCommand extends Command {
  AlignCommand() {
    super("align", "RAW.npy", "superposes the frames of a molecule, measures dihedral angles");
  }

  @Override
  Options options() {
    Options options = new Options();
    options.addOption(
        value("out", "DIR", "directory for aligned.npy, dihedrals.npy and reference.npy"));
    options.addOption(
        value(
            "reference",
            "WHAT",
            "mean (default): of all frames superposed; a frame's number; or a file's first frame"));
    options.addOption(
        value("like", "X.npy", "onto the reference that the frames of X.npy were superposed onto"));
    options.addOption(
        repeated(
            "dihedral",
            "A,B,C,D",
            "atoms from 0, may be repeated (default for 10 atoms, alanine dipeptide: 1,3,4,6 for"
                + " phi and 3,4,6,8 for psi)"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    String raw = argument(line);
    Path out = Path.of(required(line, "out"));
    if (line.hasOption("reference") && line.hasOption("like")) {
      throw new InputException("align: --reference or --like, not both, does not hold");
    }
    String[] given = line.getOptionValues("dihedral");
    List<Dihedral> dihedrals =
        given == null ? List.of() : Arrays.stream(given).map(Dihedral::parse).toList();
    for (String name : Alignment.FILES) {
      Outputs.requireNoInput(
          out.resolve(name), raw, line.getOptionValue("like"), line.getOptionValue("reference"));
      Outputs.requireNew(out.resolve(name));
    }
    try (Frames frames = NpyFrames.open(raw)) {
      Alignment alignment = alignment(line, frames);
      List<Dihedral> measured = given == null ? alignment.usualDihedrals() : dihedrals;
      try {
        Files.createDirectories(out);
      } catch (IOException e) {
        throw new InputException(
            out + ": cannot be created (" + IoReason.of(e) + "); give another --out", e);
      }
      Alignment.Output files = alignment.write(measured, out);
      System.out.println(files.aligned());
      System.out.println(files.reference());
      if (!measured.isEmpty()) {
        System.out.println(files.dihedrals());
      }
    }
    return 0;
  }

  private static Alignment alignment(CommandLine line, Frames frames) {
    String like = line.getOptionValue("like");
    if (like != null) {
      try (Frames aligned = NpyFrames.open(like)) {
        return Alignment.like(frames, aligned);
      }
    }
    String reference = line.getOptionValue("reference", "mean");
    if (reference.equals("mean")) {
      return Alignment.ontoMean(frames);
    }
    if (reference.matches("\\d{1,9}")) {
      return Alignment.ontoFrame(frames, Integer.parseInt(reference));
    }
    try (Frames file = NpyFrames.open(reference)) {
      return Alignment.onto(frames, file);
    }
  }
}
