// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesTheContent() throws IOException {
    Path file = folder.resolve("x.txt");
    AtomicFile.writeString(file, "a longer text");
    AtomicFile.writeString(file, "zwölf");
    assertEquals("zwölf", Files.readString(file));
    assertEquals(List.of("x.txt"), names());
  }

  @Test
  void nothingIsVisibleBeforeTheEnd() throws IOException {
    Path file = folder.resolve("x.txt");
    AtomicFile.writeString(file, "old");
    AtomicFile.write(
        file,
        stream -> {
          stream.write(new byte[1 << 20]);
          assertEquals("old", Files.readString(file));
          String temporary = ".x.txt." + ProcessHandle.current().pid() + ".tmp";
          assertEquals(List.of(temporary, "x.txt"), names());
        });
    assertEquals(1 << 20, Files.size(file));
  }

  @Test
  void aFailureLeavesTheOldContent() throws IOException {
    Path file = folder.resolve("x.txt");
    AtomicFile.writeString(file, "old");
    String line =
        assertThrows(
                InputException.class,
                () ->
                    AtomicFile.write(
                        file,
                        stream -> {
                          stream.write(1);
                          throw new IOException("No space left on device");
                        }))
            .getMessage();
    assertEquals(file + ": cannot be written: No space left on device", line);
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                stream -> {
                  throw new IllegalStateException();
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("x.txt"), names());
  }

  @Test
  void aLeftTemporaryOfTheSameProcessNumberIsReplaced() throws IOException {
    Path left = folder.resolve(".x.txt." + ProcessHandle.current().pid() + ".tmp");
    Files.writeString(left, "a longer text of a killed run");
    AtomicFile.writeString(folder.resolve("x.txt"), "new");
    assertEquals("new", Files.readString(folder.resolve("x.txt")));
    assertEquals(List.of("x.txt"), names());
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = folder.resolve("x.txt");
    Path link = folder.resolve("link.txt");
    AtomicFile.writeString(file, "old");
    Files.createSymbolicLink(link, file.getFileName());
    AtomicFile.writeString(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
  }

  @Test
  void targetsThatCannotBeWritten() throws IOException {
    Path file = folder.resolve("none/x.txt");
    assertEquals(
        file + ": cannot be written: no such file or folder; check the path",
        assertThrows(InputException.class, () -> AtomicFile.writeString(file, "")).getMessage());
    String line =
        assertThrows(InputException.class, () -> AtomicFile.writeString(folder, "")).getMessage();
    assertTrue(line.startsWith(folder + ": cannot be written: it is not a regular file"), line);
    Path inFile = Files.createFile(folder.resolve("plain")).resolve("x.txt");
    assertEquals(
        inFile + ": cannot be written: Not a directory",
        assertThrows(InputException.class, () -> AtomicFile.writeString(inFile, "")).getMessage());
  }
}
