// SPDX-License-Identifier: MIT
package io.dynae.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.testing.Dynae;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
          assertEquals(2, names().size());
          assertTrue(names().get(0).matches("\\.x\\.txt\\.[0-9a-f]{16}\\.tmp"), names().get(0));
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
  void whatAKilledProcessLeftIsDeletedAndNothingElse() throws Exception {
    Path file = folder.resolve("x.txt");
    Dynae.Running writer =
        Dynae.start(
            AtomicFileTest.class.getName(), folder, Map.of(), file.toAbsolutePath().toString());
    writer.awaitText("written");
    List<String> beside =
        List.of(".x.txt.0123456789abcdef", ".y.txt.0123456789abcdef.tmp", ".x.txt.mine.tmp");
    for (String name : beside) {
      Files.writeString(folder.resolve(name), name);
    }
    String live = names().stream().filter(name -> !beside.contains(name)).findFirst().get();
    AtomicFile.writeString(file, "while the other process writes");
    assertTrue(names().contains(live), names().toString());
    writer.signal("KILL");
    writer.await();
    assertTrue(names().contains(live), names().toString());
    AtomicFile.write(
        file,
        stream -> {
          stream.write('n');
          // This process's own is no rest, though the system would give it the lock.
          AtomicFile.writeString(file, "inner");
        });
    assertEquals("n", Files.readString(file));
    List<String> expected = new ArrayList<>(beside);
    expected.add("x.txt");
    assertEquals(expected.stream().sorted().toList(), names());
  }

  /** Writes a file without an end, for the test above to kill. */
  public static void main(String[] arguments) {
    AtomicFile.write(
        Path.of(arguments[0]),
        stream -> {
          stream.write(new byte[1 << 20]);
          System.err.println("written");
          Dynae.pause(60_000);
        });
  }

  /** The name of before, which everybody could know. */
  @Test
  void aLinkPlantedAtTheTemporarysNameIsNotFollowed() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "kept");
    Path planted = folder.resolve(".x.txt." + ProcessHandle.current().pid() + ".tmp");
    Files.createSymbolicLink(planted, secret);
    AtomicFile.writeString(folder.resolve("x.txt"), "new");
    assertEquals("kept", Files.readString(secret));
    assertEquals("new", Files.readString(folder.resolve("x.txt")));
    assertFalse(Files.isSymbolicLink(folder.resolve("x.txt")));
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
