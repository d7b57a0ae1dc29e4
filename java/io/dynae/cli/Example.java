// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.error.IoReason;
import io.dynae.trajectory.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

  /**
   * The configuration, with some of its settings replaced.
   *
   * @throws InputException where they do not go with the others
   */
  RunConfig config(List<String> settings) {
    return RunConfig.parse(file(), text(), settings);
  }

  /** Writes the configuration into a folder, which is made, and returns the file. */
  Path writeInto(Path folder) {
    createFolder(folder);
    Path file = folder.resolve(file());
    AtomicFile.writeString(file, text());
    return file;
  }

  private String text() {
    String resource = "/examples/" + file();
    try (InputStream packed = Example.class.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new IllegalStateException("not packed: " + resource);
      }
      return new String(packed.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a folder and those above it. */
  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(
          folder + ": cannot be created (" + IoReason.of(e) + "); give another --out", e);
    }
  }
}
