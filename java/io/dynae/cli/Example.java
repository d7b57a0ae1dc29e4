// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.trajectory.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration of {@code tools/examples}, packed into the program: how one model is trained on
 * one system.
 */
record Example(String system, Contender model) {
  /** The models that are compared. */
  enum Contender {
    DYNAE("DynAE", "dynae", ""),
    BETA_VAE("beta-VAE", "beta-vae", "-beta-vae"),
    SWAE("SWAE", "swae", "-swae"),
    SDE_VAE("SDE-VAE", "sde-vae", "-sde-vae");

    private final String title;
    private final String folder;
    private final String suffix;

    Contender(String title, String folder, String suffix) {
      this.title = title;
      this.folder = folder;
      this.suffix = suffix;
    }

    /** As in tables. */
    String title() {
      return title;
    }

    /** As in paths and on the command line. */
    String folder() {
      return folder;
    }
  }

  /** Name of the file: {@code three-well-beta-vae.ini}; DynAE's is named by the system alone. */
  String file() {
    return system + model.suffix + ".ini";
  }

  /** Writes the configuration into a folder, which is made, and returns the file. */
  Path writeInto(Path folder) {
    String resource = "/examples/" + file();
    try (InputStream packed = Example.class.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new IllegalStateException("not packed: " + resource);
      }
      createFolder(folder);
      Path file = folder.resolve(file());
      AtomicFile.writeString(file, new String(packed.readAllBytes(), StandardCharsets.UTF_8));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a folder and those above it. */
  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be created (" + e + "); give another --out", e);
    }
  }
}
