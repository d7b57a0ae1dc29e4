// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.testing.Dynae;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder to run the program in: {@code sim/observed.npy} and {@code sim/true.npy}, three wells of
 * 3000 frames, and {@code small.ini}, which trains on them in a second or two.
 */
final class Workspace {
  static final int FRAMES = 3000;

  private final Path folder;

  Workspace(Path folder) {
    this.folder = folder;
    write(
        "small.ini",
        """
        [Model Parameters]
        min_dist = 3
        [Training Parameters]
        batch_size = 32
        max_epochs = 3
        [Data]
        input_data = [sim/observed.npy]
        """);
    String frames = Integer.toString(FRAMES);
    assertEquals(0, dynae("simulate", "three-well", "--frames", frames, "--out", "sim").code());
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(path(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  Dynae.Result dynae(String... arguments) {
    return Dynae.run(folder, arguments);
  }

  /** Arguments of a training of {@code small.ini} into {@code out}, in plain Java. */
  static String[] training(String out, String... more) {
    return trainingOn("java", out, more);
  }

  static String[] trainingOn(String backend, String out, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "small.ini", "--backend", backend, "--out", out));
    arguments.addAll(Arrays.asList(more));
    return arguments.toArray(String[]::new);
  }

  /** Trains to the end. */
  void train(String out, String... more) {
    Dynae.Result result = dynae(training(out, more));
    assertEquals(0, result.code(), result.stderr());
  }

  /** Asserts that a process refused its input in one line that has all {@code words}. */
  void assertRefused(Dynae.Result result, String... words) {
    assertEquals(2, result.code(), result.stderr());
    assertEquals("", result.stdout());
    assertEquals(1, result.errors().size(), result.stderr());
    String error = result.errors().get(0);
    for (String word : words) {
      assertTrue(error.contains(word), () -> "'" + word + "' in: " + error);
    }
    assertTrue(result.stderr().endsWith(error + System.lineSeparator()), result.stderr());
    assertNoTemporaryFile();
  }

  /** The same for what is known before anything is computed: nothing else on stderr. */
  void assertRefusedAtOnce(Dynae.Result result, String... words) {
    assertRefused(result, words);
    assertEquals(1, result.stderr().lines().count(), result.stderr());
  }

  void assertNoTemporaryFile() {
    try (Stream<Path> files = Files.walk(folder)) {
      assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".tmp")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void assertAbsent(String name) {
    assertTrue(Files.notExists(path(name)), name + " exists");
  }
}
