// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import io.dynae.file.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private static final Map<String, String> OF_TREE = ofTree();

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
    String edited = OF_TREE.get(file());
    return edited == null ? packed() : edited;
  }

  /**
   * The files of the source tree that the launcher runs, so that an edit needs no build; empty in a
   * bundle. All are read at once: an edit changes nothing in a program that runs.
   */
  private static Map<String, String> ofTree() {
    Map<String, String> texts = new HashMap<>();
    Path folder = Path.of(System.getProperty("dynae.home", ""), "tools", "examples");
    if (folder.isAbsolute() && Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.ini")) {
        for (Path file : files) {
          texts.put(String.valueOf(file.getFileName()), Files.readString(file));
        }
      } catch (IOException e) {
        throw new InputException(folder + ": cannot be read: " + IoReason.of(e), e);
      }
    }
    return texts;
  }

  private String packed() {
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
